namespace Lowrank.Extending.Tests;

/// <summary>A kind of training that lives outside the library: its recipes have the library's sections in an order of its own.</summary>
static class OwnKind
{
    public static TrainingKind Kind { get; } = new(
        new RecipeForm("own", () =>
        [
            new("What", [.. ModelSection.Fields, .. SavingSection.PlaceFields]),
            new("How", [.. NetworkSection.LayerFields, .. OptimizationSection.ChoiceFields]),
        ]),
        (_, _, _) => throw new LowrankException("nothing is trained here"));
}
