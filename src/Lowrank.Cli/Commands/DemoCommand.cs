namespace Lowrank.Cli;

sealed class DemoCommand() : HelpfulCommand("demo", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
