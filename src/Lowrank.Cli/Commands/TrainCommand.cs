namespace Lowrank.Cli;

sealed class TrainCommand() : HelpfulCommand("train", "Later.")
{
    public override IReadOnlyList<Example> Examples => [];
}
