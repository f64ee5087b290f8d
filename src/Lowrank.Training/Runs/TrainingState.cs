using System.Globalization;

namespace Lowrank.Training;

/// <summary>All that a stopped run needs to go on with the same bits: trained parts, the optimizer's state, the step. One safetensors file.</summary>
/// <remarks>Random draws depend on seed and step alone (<see cref="StepSeeds"/>), so no generator's state is in it.</remarks>
public static class TrainingState
{
    const string recipeKey = "recipe", stepKey = "step", picturesKey = "pictures";

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="adapter">What is trained.</param>
    /// <param name="optimizer">What trains it.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="pictures">Fingerprint of the pictures (<see cref="PictureFolder.Fingerprint"/>).</param>
    /// <param name="rules">What acts beside the optimizer.</param>
    public static void Save(string path, Adapter adapter, IOptimizer optimizer, int step, TrainingRecipe recipe, string pictures, IReadOnlyList<ITrainingRule>? rules = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Safetensors.Save(path, Tensors(adapter, optimizer, rules).ToDictionary(pair => pair.Name, pair => pair.Value.detach()),
            new Dictionary<string, string> { [stepKey] = step.ToString(CultureInfo.InvariantCulture), [recipeKey] = RecipeFile.Format(recipe), [picturesKey] = pictures });
    }

    /// <summary>Puts a state back into a fresh run, and gives the steps done.</summary>
    /// <inheritdoc cref="Save"/>
    /// <exception cref="LowrankException">The state is of another recipe, of other pictures, or of another model.</exception>
    public static int Load(string path, Adapter adapter, IOptimizer optimizer, TrainingRecipe recipe, string pictures, IReadOnlyList<ITrainingRule>? rules = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var file = Safetensors.Open(path);
        if (!file.Metadata.TryGetValue(stepKey, out var step) || !file.Metadata.TryGetValue(recipeKey, out var text))
            throw new LowrankException($"{path} is no state of a training run");
        var earlier = RecipeFile.Parse(text, path);
        var changed = RecipeFields.All.Where(f => !mayChange.Contains(f.Name) && f.Get(earlier) != f.Get(recipe)).Select(f => $"{f.Name} was {f.Get(earlier)} and is {f.Get(recipe)}").ToList();
        if (changed.Count > 0) throw new LowrankException($"{path} is of a run with another recipe, and cannot go on as asked: {string.Join("; ", changed)}. Set them back, or start anew with overwrite.");
        if (file.Metadata.GetValueOrDefault(picturesKey) != pictures)
            throw new LowrankException($"{path} is of a run on other pictures than {recipe.Pictures} holds now (files, captions or repeats have changed). Put them back, or start anew with overwrite.");
        var wanted = Tensors(adapter, optimizer, rules).ToDictionary(pair => pair.Name, pair => pair.Value);
        var stored = file.Tensors.Select(t => t.Name).ToHashSet();
        if (!stored.SetEquals(wanted.Keys)) throw new LowrankException($"{path} holds other layers than this run adapts; it is of another model or other targets");
        foreach (var (name, value) in wanted)
        {
            using var read = file.Read(name);
            value.copy_(read);
        }
        return int.Parse(step, CultureInfo.InvariantCulture);
    }

    // Fields that do not touch what a step computes. More steps may be asked for; the schedule then follows the new number.
    static readonly HashSet<string> mayChange =
        ["output", "threads", "steps", "epochs", "save_every", "save_dtype", "sample_every", "sample_prompts", "sample_steps", "sample_guidance", "tensorboard", "resume", "overwrite", "cache_to_disk", "gradient_checkpointing"];

    static IEnumerable<(string Name, Tensor Value)> Tensors(Adapter adapter, IOptimizer optimizer, IReadOnlyList<ITrainingRule>? rules)
    {
        foreach (var (path, reparameterization) in adapter.Targets)
            foreach (var (name, parameter) in reparameterization.named_parameters())
                yield return ($"adapter/{path}/{name}", parameter);
        foreach (var (name, value) in optimizer.StateTensors()) yield return ($"optimizer/{name}", value);
        foreach (var rule in rules ?? [])
            foreach (var (name, value) in rule.StateTensors()) yield return ($"rules/{rule.GetType().Name}/{name}", value);
    }
}
