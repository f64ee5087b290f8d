namespace Lowrank.Cli;

/// <summary>Whether keys of an adapter that belong to no layer are passed over.</summary>
sealed class UnmatchedOption : Option<bool>
{
    public UnmatchedOption() : base("--allow-unmatched") => Description = "leave out keys that belong to no layer of the model, instead of stopping";
}
