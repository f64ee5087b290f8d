namespace Lowrank.Cli;

/// <summary>Whether keys of adapters and checkpoints that have no place are passed over.</summary>
sealed class UnmatchedOption : Option<bool>
{
    public UnmatchedOption() : base("--allow-unmatched") =>
        Description = "leave out keys of a file that belong to nothing in the model, instead of stopping";
}
