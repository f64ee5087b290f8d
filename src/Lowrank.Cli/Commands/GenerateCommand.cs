namespace Lowrank.Cli;

sealed class GenerateCommand() : HelpfulCommand("generate", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
