namespace Lowrank.Training;

/// <summary>Writes a run's finished adapter as a GGUF file beside PEFT's folder.</summary>
/// <param name="recipe">Whether, where, and in which dtype.</param>
/// <param name="model">What is adapted.</param>
/// <param name="listener">Told of the file, or why there is none.</param>
sealed class GgufBeside(TrainingRecipe recipe, ModelDescription model, ITrainingListener listener)
{
    /// <summary>The adapter.</summary>
    public Adapter? Adapter { get; set; }

    /// <summary>Where it is written.</summary>
    public static string PathOf(TrainingRecipe recipe) => Path.Combine(recipe.Saving.Output, recipe.Saving.Name + ".gguf");

    /// <summary>Refuses to replace a file that an earlier run or somebody else made.</summary>
    /// <exception cref="LowrankException">It is there.</exception>
    public static void Check(TrainingRecipe recipe)
    {
        var saving = recipe.Saving;
        string path = PathOf(recipe);
        if (!recipe.Language.Gguf || saving.Resume || saving.Overwrite || !File.Exists(path)) return;
        throw new LowrankException($"{path} exists already. Choose another name or output, replace it (overwrite), or write none " +
            "(gguf: false).");
    }

    /// <summary>Writes it, if what was saved is the finished adapter. What cannot be written so is told.</summary>
    /// <param name="saved">The folder or file that was saved.</param>
    /// <param name="metadata">What files tell of the run.</param>
    public void Write(string saved, IReadOnlyDictionary<string, string> metadata)
    {
        bool isFinished = Path.ChangeExtension(saved, null) == Path.ChangeExtension(new TrainingFiles(recipe.Saving).Adapter, null);
        if (!recipe.Language.Gguf || !isFinished || Adapter is null) return;
        string path = PathOf(recipe);
        var dialect = Dialects.Named("gguf");
        if (dialect.Refuses(Adapter, model) is { } reason)
        {
            listener.Warned($"no GGUF file is written beside {saved}: {reason}");
            return;
        }
        AdapterConversion.Write(path, Adapter, model, dialect, SavingSection.Dtypes.Of(recipe.Saving.SaveDtype), metadata);
        listener.Saved(path);
    }
}
