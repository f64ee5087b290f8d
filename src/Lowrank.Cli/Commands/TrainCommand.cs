using Lowrank.Cli.Help;

namespace Lowrank.Cli.Commands;

sealed class TrainCommand() : HelpfulCommand("train", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
