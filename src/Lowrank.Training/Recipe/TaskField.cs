namespace Lowrank.Training;

/// <summary>The field that says what is learnt, and so which fields there are.</summary>
/// <param name="Task">The task of the form that it stands in.</param>
public sealed record TaskField(string Task) : RecipeField(Key, $"What is learnt: {Task}")
{
    /// <summary>Its name.</summary>
    public const string Key = "task";

    /// <inheritdoc/>
    public override string Get(TrainingRecipe recipe) => Task;

    /// <inheritdoc/>
    public override TrainingRecipe With(TrainingRecipe recipe, string text) =>
        text == Task ? recipe : throw NotA($"task ({Task})", Name, text);

    /// <inheritdoc/>
    public override IReadOnlyList<string> TextsOf(TrainingRecipe recipe) => [];

    /// <inheritdoc/>
    public override TrainingRecipe Emptied(TrainingRecipe recipe) => recipe;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(TrainingRecipe recipe) => [];

    /// <inheritdoc/>
    protected override object ValueOf(TrainingRecipe recipe) => Task;
}
