using System.Globalization;

namespace Lowrank.Training;

/// <summary>
/// All that a stopped run needs to go on with the same bits: trained parts, the optimizer's state, the step. One safetensors file.
/// </summary>
/// <remarks>Random draws depend on seed and step alone (<see cref="StepSeeds"/>), so no generator's state is in it.</remarks>
/// <param name="recipe">The run's recipe.</param>
/// <param name="origins">What it is made of.</param>
/// <param name="adapter">What is trained.</param>
/// <param name="optimizer">What trains it.</param>
/// <param name="rules">What acts beside the optimizer.</param>
public sealed class TrainingState(
    TrainingRecipe recipe, IReadOnlyList<TrainingOrigin> origins, Adapter adapter, IOptimizer optimizer,
    IReadOnlyList<ITrainingRule> rules)
{
    const string lossesKey = "losses";

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">Steps done and their last losses.</param>
    public void Save(string path, TrainingLoop loop)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var metadata = new Dictionary<string, string>
        {
            [EarlierRun.StepKey] = loop.Step.ToString(CultureInfo.InvariantCulture),
            [EarlierRun.RecipeKey] = RecipeFile.Format(recipe),
            [lossesKey] = string.Join(' ', loop.RecentLosses.Select(PlainValue.Text)),
        };
        foreach (var origin in origins) metadata[origin.Name] = origin.Fingerprint;
        Safetensors.Save(path, Tensors().ToDictionary(pair => pair.Name, pair => pair.Value.detach()), metadata);
    }

    /// <summary>Puts a state back into a fresh run that it fits, and gives the steps done.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">Gets the last losses.</param>
    /// <exception cref="LowrankException">It holds other tensors than the run has.</exception>
    public int Load(string path, TrainingLoop loop)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var file = Safetensors.Open(path);
        var wanted = Tensors().ToDictionary(pair => pair.Name, pair => pair.Value);
        if (!file.Tensors.Select(t => t.Name).ToHashSet().SetEquals(wanted.Keys))
            throw new LowrankException($"{path} holds other layers than this run adapts; it is of another model or other targets");
        foreach (var (name, value) in wanted)
        {
            using var read = file.Read(name);
            value.copy_(read);
        }
        var losses = file.Metadata.GetValueOrDefault(lossesKey, "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        loop.RecentLosses = [.. losses.Select(PlainValue.ReadNumber).OfType<double>()];
        return int.Parse(file.Metadata[EarlierRun.StepKey], CultureInfo.InvariantCulture);
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
