namespace Lowrank.Cli;

sealed class InspectCommand() : HelpfulCommand("inspect", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
