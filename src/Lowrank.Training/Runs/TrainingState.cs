using System.Globalization;

namespace Lowrank.Training;

/// <summary>
/// All that a stopped run needs to go on with the same bits: trained parts, the optimizer's state, the step. One safetensors file.
/// </summary>
/// <remarks>Random draws depend on seed and step alone (<see cref="StepSeeds"/>), so no generator's state is in it.</remarks>
/// <param name="recipe">The run's recipe.</param>
/// <param name="data">What it learns from.</param>
/// <param name="adapter">What is trained.</param>
/// <param name="optimizer">What trains it.</param>
/// <param name="rules">What acts beside the optimizer.</param>
public sealed class TrainingState(
    TrainingRecipe recipe, TrainingData data, Adapter adapter, IOptimizer optimizer, IReadOnlyList<ITrainingRule> rules)
{
    const string recipeKey = "recipe", stepKey = "step";

    const string dataKey = "pictures";   // states written before there was other data have it

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="step">Steps done.</param>
    public void Save(string path, int step)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var metadata = new Dictionary<string, string>
        {
            [stepKey] = step.ToString(CultureInfo.InvariantCulture),
            [recipeKey] = RecipeFile.Format(recipe),
            [dataKey] = data.Fingerprint,
        };
        Safetensors.Save(path, Tensors().ToDictionary(pair => pair.Name, pair => pair.Value.detach()), metadata);
    }

    /// <summary>Puts a state back into a fresh run, and gives the steps done.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LowrankException">The state is of another recipe, of other data, or of another model.</exception>
    public int Load(string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var file = Safetensors.Open(path);
        if (!file.Metadata.TryGetValue(stepKey, out var step) || !file.Metadata.TryGetValue(recipeKey, out var text))
            throw new LowrankException($"{path} is no state of a training run");
        RefuseOtherRecipe(path, RecipeFile.Parse(text, path, _ => recipe.Form));
        if (file.Metadata.GetValueOrDefault(dataKey) != data.Fingerprint)
            throw new LowrankException($"{path} is of a run on {data.Changed}. Put them back, or start anew with overwrite.");
        var wanted = Tensors().ToDictionary(pair => pair.Name, pair => pair.Value);
        if (!file.Tensors.Select(t => t.Name).ToHashSet().SetEquals(wanted.Keys))
            throw new LowrankException($"{path} holds other layers than this run adapts; it is of another model or other targets");
        foreach (var (name, value) in wanted)
        {
            using var read = file.Read(name);
            value.copy_(read);
        }
        return int.Parse(step, CultureInfo.InvariantCulture);
    }

    // More steps may be asked for; the schedule then follows the new number.
    void RefuseOtherRecipe(string path, TrainingRecipe earlier)
    {
        var changed =
            from field in recipe.Form.Fields
            where !field.MayChange && field.Get(earlier) != field.Get(recipe)
            select $"{field.Name} was {field.Get(earlier)} and is {field.Get(recipe)}";
        string told = string.Join("; ", changed);
        if (told.Length > 0)
            throw new LowrankException(
                $"{path} is of a run with another recipe, and cannot go on as asked: {told}. Set them back, or start anew with overwrite.");
    }

    IEnumerable<(string Name, Tensor Value)> Tensors()
    {
        foreach (var (path, reparameterization) in adapter.Targets)
            foreach (var (name, parameter) in reparameterization.named_parameters())
                yield return ($"adapter/{path}/{name}", parameter);
        foreach (var (name, value) in optimizer.StateTensors()) yield return ($"optimizer/{name}", value);
        foreach (var rule in rules)
            foreach (var (name, value) in rule.StateTensors()) yield return ($"rules/{rule.GetType().Name}/{name}", value);
    }
}
