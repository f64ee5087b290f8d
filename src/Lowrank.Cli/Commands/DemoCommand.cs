using Lowrank.Cli.Help;

namespace Lowrank.Cli.Commands;

sealed class DemoCommand() : HelpfulCommand("demo", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
