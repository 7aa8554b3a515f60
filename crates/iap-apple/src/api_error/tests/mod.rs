mod codes;
mod failures;
