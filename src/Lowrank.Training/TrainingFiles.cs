using System.Globalization;

namespace Lowrank.Training;

/// <summary>The files that a run writes, all in one folder and named after the run.</summary>
public sealed class TrainingFiles(TrainingRecipe recipe)
{
    /// <summary>The finished adapter.</summary>
    public string Adapter => In($"{recipe.Name}.safetensors");

    /// <summary>The whole recipe; not NAME.yaml, which may be the user's own.</summary>
    public string Recipe => In($"{recipe.Name}.recipe.yaml");

    /// <summary>What a resumed run begins with.</summary>
    public string State => In($"{recipe.Name}.state.safetensors");

    /// <summary>A line of JSON for each step.</summary>
    public string Metrics => In($"{recipe.Name}.metrics.jsonl");

    /// <summary>Folder of TensorBoard events.</summary>
    public string Logs => In(Path.Combine("logs", recipe.Name));

    /// <summary>The adapter after some steps.</summary>
    public string Checkpoint(int step) => In(string.Create(CultureInfo.InvariantCulture, $"{recipe.Name}-step{step:D8}.safetensors"));

    /// <summary>Finished adapter, state and checkpoints that exist: what nobody wants to lose.</summary>
    public IEnumerable<string> Existing() =>
        new[] { Adapter, State }.Where(File.Exists).Concat(new[] { Path.Combine(In(recipe.Name), PeftFolder.Weights) }.Where(File.Exists)).Concat(Directory.Exists(recipe.Output) ? Directory.EnumerateFiles(recipe.Output, $"{recipe.Name}-step*.safetensors").Order(StringComparer.Ordinal) : []);

    /// <summary>A sample picture.</summary>
    public string Sample(int step, int prompt) => In(Path.Combine("samples", string.Create(CultureInfo.InvariantCulture, $"{recipe.Name}-step{step:D8}-{prompt:D2}.png")));

    string In(string name) => Path.Combine(recipe.Output, name);
}
