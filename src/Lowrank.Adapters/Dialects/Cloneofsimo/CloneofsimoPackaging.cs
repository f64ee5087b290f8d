using System.Globalization;
using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>
/// Files with the modules whose layers are counted, the ranks, and the marks of words in the metadata; lists of tensors too.
/// </summary>
sealed class CloneofsimoPackaging : Packaging
{
    const string RankMark = ":rank";

    /// <inheritdoc/>
    public override ITensorFile WithCompanions(ITensorFile file) => CloneofsimoLists.Is(file) ? CloneofsimoLists.Of(file) : file;

    /// <summary>The modules whose layers a file counts; null where it does not tell.</summary>
    public static string[]? HostsIn(ITensorFile file, string component)
    {
        if (!file.Metadata.TryGetValue(component, out var text)) return null;
        try
        {
            using var document = StrictJson.Parse(text);
            bool isList = document.RootElement.ValueKind == JsonValueKind.Array;
            return isList ? [.. document.RootElement.EnumerateArray().Select(name => name.ToString())] : null;
        }
        catch (JsonException)
        {
            return null;   // some other file's field of that name
        }
    }

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value)
    {
        bool isRank = key.EndsWith(RankMark, StringComparison.Ordinal) && CloneofsimoSpelling.IsNumbered(key);
        return isRank || value == CloneofsimoWords.Mark || CloneofsimoLists.Components.Contains(key);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        var all = new Dictionary<string, string>(metadata);
        var ranks = tensors.Where(t => t.Key.EndsWith(CloneofsimoSpelling.Down, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[..^CloneofsimoSpelling.Down.Length], t => t.Value.shape[0]);
        foreach (var (component, order) in Written(adapter, model))
            foreach (var (_, name) in Numbered(component, order))
            {
                all[component.Name] = PlainJson.Text(order.Hosts, indented: false);
                all[name + RankMark] = ranks[name].ToString(CultureInfo.InvariantCulture);
            }
        foreach (var word in adapter.Embeddings) all[word.Name] = CloneofsimoWords.Mark;
        return all;
    }

    /// <summary>The layers that only keep their number.</summary>
    public override IEnumerable<KeyValuePair<string, Tensor>> Beside(Adapter adapter, ModelDescription model)
    {
        foreach (var (component, order) in Written(adapter, model))
            foreach (var (target, name) in Numbered(component, order).Where(n => !adapter.Targets.ContainsKey(n.Target.Path)))
            {
                long[] ones = [.. target.Kernel.Select(_ => 1L)];
                yield return new(name + CloneofsimoSpelling.Up, zeros([target.Out, 1, .. ones], device: CPU));
                yield return new(name + CloneofsimoSpelling.Down, zeros([1, target.In, .. target.Kernel], device: CPU));
            }
    }

    // Components that have an adapted layer, with the order in which they are counted.
    static IEnumerable<(ModelComponent Component, LayerOrder Order)> Written(Adapter adapter, ModelDescription model)
    {
        foreach (var component in model.Components)
        {
            if (LayerNumbers.Written(component, adapter) is not { } order) continue;
            if (LayerNumbers.Of(component, order).Keys.Any(adapter.Targets.ContainsKey)) yield return (component, order);
        }
    }

    static IEnumerable<(Target Target, string Name)> Numbered(ModelComponent component, LayerOrder order)
    {
        var numbers = LayerNumbers.Of(component, order);
        foreach (var (target, _) in component.Targets)
            if (numbers.TryGetValue(target.Path, out int number)) yield return (target, CloneofsimoSpelling.NameOf(component, number));
    }
}
