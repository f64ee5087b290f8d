namespace Lowrank.Cli;

/// <summary>Draws pictures from prompts.</summary>
sealed class GenerateCommand() : HelpfulCommand("generate", "Draws pictures from prompts, with any number of adapters.")
{
    public override IReadOnlyList<Example> Examples => [new("generate \"cat face\"", "one picture of the base model")];
}
