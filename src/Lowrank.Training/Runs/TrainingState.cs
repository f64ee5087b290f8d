using System.Globalization;
using System.Text.RegularExpressions;

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
public sealed partial class TrainingState(
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
        var stored = StoredNames(file);
        if (!stored.Keys.ToHashSet().SetEquals(wanted.Keys))
            throw new LowrankException($"{path} is of another model, other targets or another optimizer: this run lacks " +
                $"{Some(stored.Keys.Except(wanted.Keys))}, and the file lacks {Some(wanted.Keys.Except(stored.Keys))}");
        foreach (var (name, value) in wanted)
        {
            using var read = file.Read(stored[name]);
            value.copy_(read);
        }
        var losses = file.Metadata.GetValueOrDefault(lossesKey, "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        loop.RecentLosses = [.. losses.Select(PlainValue.ReadNumber).OfType<double>()];
        return EarlierRun.StepIn(file);
    }

    static string Some(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        if (all.Count == 0) return "nothing";
        string first = string.Join(", ", all.Take(3));
        return all.Count > 3 ? $"{first} and {all.Count - 3} more" : first;
    }

    // What the file holds, by this run's names. A parameter's state may stand under the parameter's place in the groups, which a run of the
    // same recipe makes alike.
    Dictionary<string, string> StoredNames(ITensorFile file)
    {
        var named = new Dictionary<string, string>();
        foreach (var (g, names) in ParameterNames.Of(optimizer.Groups).Index())
            foreach (var (p, name) in names.Index()) named[$"{g}.{p}"] = name;
        return file.Tensors.ToDictionary(tensor => Named(tensor.Name), tensor => tensor.Name);

        string Named(string stored)
        {
            if (PlaceInGroups().Match(stored) is not { Success: true } match) return stored;
            return named.TryGetValue(match.Groups["place"].Value, out var name) ? $"optimizer/{name}.{match.Groups["part"].Value}" : stored;
        }
    }

    [GeneratedRegex("""^optimizer/(?<place>\d+\.\d+)\.(?<part>\w+)$""")]
    private static partial Regex PlaceInGroups();

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
