namespace Lowrank.Workbench;

/// <summary>What a job takes of what it was given, and what it does not; told before its work begins.</summary>
/// <param name="Account">The account.</param>
public sealed record JobAccount(Account Account) : JobEvent;
