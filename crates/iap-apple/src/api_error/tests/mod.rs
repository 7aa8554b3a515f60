mod codes;
mod failures;
mod table;
