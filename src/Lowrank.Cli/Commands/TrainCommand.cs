namespace Lowrank.Cli;

/// <summary>Trains an adapter.</summary>
sealed class TrainCommand() : HelpfulCommand("train", "Trains an adapter on a folder of pictures, from a recipe file, options, or both.")
{
    public override IReadOnlyList<Example> Examples => [new("train recipes/ink.yaml", "as the recipe says")];
}
