using Lowrank.Cli.Help;

namespace Lowrank.Cli.Commands;

sealed class InspectCommand() : HelpfulCommand("inspect", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
