using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>What the widgets of a saved node say, by the names of its inputs.</summary>
/// <param name="node">The node.</param>
/// <param name="notes">Where it is told what is not used.</param>
sealed class SavedWidgets(SavedNode node, List<string> notes)
{
    static readonly string[] seedNames = ["seed", "noise_seed"];
    static readonly string[] afterwards = ["fixed", "increment", "decrement", "randomize", "increment-wrap"];

    /// <summary>The values, in the order of the inputs.</summary>
    /// <exception cref="LowrankException">There are fewer values than widgets, or they are told in a way that is not known.</exception>
    public OrderedDictionary<string, object?> Values()
    {
        if (node.Widgets is IReadOnlyDictionary<string, object?> byName)
            return new(
                from name in Names(null)
                where name.Length > 0 && byName.ContainsKey(name)
                select KeyValuePair.Create(name, Sent(byName[name])));
        var list = node.Widgets as IReadOnlyList<object?> ?? [];
        var names = Names(list).ToList();
        while (list.Count < names.Count && names[^1].Length == 0) names.RemoveAt(names.Count - 1);   // older files lack it
        if (list.Count < names.Count)
            throw new LowrankException($"Node {node} saves {list.Count} values of widgets, and its class has {names.Count}: " +
                $"{string.Join(", ", names.Where(name => name.Length > 0))}. " +
                "Was it saved by another version? Open it in ComfyUI and save it again.");
        if (list.Count > names.Count)
            notes.Add($"Node {node}: {list.Count - names.Count} values of widgets beyond those of its class are not used.");
        var values = names.Zip(list).Where(pair => pair.First.Length > 0);
        return new(values.Select(pair => KeyValuePair.Create(pair.First, Sent(pair.Second))));
    }

    // Of each widget's place the input's name, "" for what is not sent: what happens to a seed after a run, the upload button.
    IEnumerable<string> Names(IReadOnlyList<object?>? values)
    {
        if (GraphNodes.Find(node.Type) is not { } known) return NamesInFile(values);
        return known.Inputs.Where(input => input.HasWidget).SelectMany(IEnumerable<string> (input) => input switch
        {
            WholeInput { IsSeed: true } or ChoiceInput { HasUpload: true } => [input.Name, ""],
            _ => [input.Name],
        });
    }

    // A class that is not known here: its file lists its widgets, and seeds are known by their names.
    IEnumerable<string> NamesInFile(IReadOnlyList<object?>? values)
    {
        int at = 0;
        foreach (var widget in node.Inputs.Where(input => input.IsWidget))
        {
            yield return widget.Name;
            at++;
            bool isSeed = seedNames.Contains(widget.Name) && at < values?.Count;
            if (!isSeed || values![at] is not string word || !afterwards.Contains(word)) continue;
            yield return "";
            at++;
        }
    }

    /// <summary>As the interface sends a value: whole numbers without a point, lists wrapped so that they are no links.</summary>
    public static object? Sent(object? value) => value switch
    {
        double number when double.IsInteger(number) => new BigInteger(number),
        IReadOnlyList<object?> list => new OrderedDictionary<string, object?> { ["__value__"] = list },
        _ => value,
    };
}
