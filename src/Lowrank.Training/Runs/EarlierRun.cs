using System.Globalization;

namespace Lowrank.Training;

/// <summary>What the state of a stopped run says of it, read before anything takes long.</summary>
/// <param name="Path">The state's file.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Recipe">The recipe that it was trained by.</param>
sealed record EarlierRun(string Path, int Step, TrainingRecipe Recipe)
{
    /// <summary>Metadata of a state.</summary>
    public const string RecipeKey = "recipe", StepKey = "step";

    /// <summary>Finds the run that a recipe goes on with.</summary>
    /// <exception cref="LowrankException">There is no state, or it is of another recipe, other data or another model.</exception>
    public static EarlierRun Find(TrainingRecipe recipe, IReadOnlyList<TrainingOrigin> origins)
    {
        var files = new TrainingFiles(recipe.Saving);
        // A crash may have come before the step that shows the newest to be sound.
        string path = File.Exists(files.UnprovedState) ? files.UnprovedState : files.State;
        using var file = Safetensors.Open(path);
        int step = StepIn(file);
        if (!file.Metadata.TryGetValue(RecipeKey, out var text)) throw NoState(file);
        var earlier = RecipeFile.Parse(text, path, _ => recipe.Form);
        RefuseOtherRecipe(path, earlier, recipe);
        foreach (var origin in origins)
            if (file.Metadata.TryGetValue(origin.Name, out var hash) && hash != origin.Fingerprint)
                throw new LowrankException($"{path} is of a run on {origin.Changed}. Put them back, or start anew with overwrite.");
        return new(path, step, earlier);
    }

    /// <summary>The steps done, as a state tells them.</summary>
    /// <exception cref="LowrankException">It tells none, or what is no number of steps.</exception>
    public static int StepIn(ITensorFile state)
    {
        if (!state.Metadata.TryGetValue(StepKey, out var text)) throw NoState(state);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step)) return step;
        throw new LowrankException($"{state.Path} is damaged: its {StepKey} is \"{text}\", which is no number of steps. " +
            "Start anew with overwrite, or from a saved adapter with init_adapter.");
    }

    static LowrankException NoState(ITensorFile file) => new($"{file.Path} is no state of a training run");

    // More steps may be asked for; the schedule then follows the new number.
    static void RefuseOtherRecipe(string path, TrainingRecipe earlier, TrainingRecipe recipe)
    {
        var changed =
            from field in recipe.Form.Fields
            where !field.MayChange && field.MeaningIn(earlier) != field.MeaningIn(recipe)
            select $"{field.Name} was {field.MeaningIn(earlier)} and is {field.MeaningIn(recipe)}";
        string told = string.Join("; ", changed);
        if (told.Length > 0)
            throw new LowrankException(
                $"{path} is of a run with another recipe, and cannot go on as asked: {told}. Set them back, or start anew with overwrite.");
    }

    /// <summary>Fields that may change and did, with both values.</summary>
    public IEnumerable<string> Changes(TrainingRecipe recipe) =>
        from field in recipe.Form.Fields
        where field.MayChange && field.MeaningIn(Recipe) != field.MeaningIn(recipe)
        where field.Name is not ("resume" or "overwrite" or "strict")
        select $"{field.Name} was {field.Get(Recipe) ?? "not set"} and is {field.Get(recipe) ?? "not set"}";
}
