using System.Globalization;

namespace Lowrank.Formats;

/// <summary>The tensors and the plain data of a pickle, by dotted path: dict keys and list indices; a leading <c>state_dict.</c> is left
/// out.</summary>
sealed class PickleContents
{
    // Values that refer to each other in a ring, or that many names share, would be walked without end.
    const int Deepest = 100, MostValues = 1_000_000;
    const string RootLevel = "state_dict";

    readonly Dictionary<string, PickledTensor> tensors = [];
    readonly Dictionary<string, string> metadata = [];
    readonly List<TensorInfo> infos = [];
    int values;

    internal PickleContents(object? root)
    {
        if (root is PickledTensor) Walk("tensor", root, 0);   // a tensor saved bare has no name of its own
        else Walk("", root, 0);
    }

    internal IReadOnlyDictionary<string, PickledTensor> Tensors => tensors;

    /// <summary>In the order of the pickle.</summary>
    internal IReadOnlyList<TensorInfo> Infos => infos;

    internal IReadOnlyDictionary<string, string> Metadata => metadata;

    void Walk(string path, object? value, int depth)
    {
        if (depth > Deepest) throw new PickleContentException("the pickle's values are nested deeper than 100 levels, or contain themselves");
        if (++values > MostValues) throw new PickleContentException($"the pickle holds more than {MostValues} values");
        switch (value)
        {
            case PickledTensor tensor: Add(path, tensor); break;
            case PickledDict dict:
                foreach (var (key, item) in dict.Items)
                    Walk(depth == 0 && key is RootLevel && item is PickledDict ? "" : Joined(path, KeyText(key)), item, depth + 1);
                break;
            case List<object?> list: WalkItems(path, list, depth); break;
            case PickledTuple tuple: WalkItems(path, tuple.Items, depth); break;
            case string text: metadata.TryAdd(path, text); break;
            case bool or long or double or System.Numerics.BigInteger: metadata.TryAdd(path, Convert.ToString(value, CultureInfo.InvariantCulture)!); break;
            case PickledName name: metadata.TryAdd(path, name.ToString()); break;
        }
    }

    void WalkItems(string path, IReadOnlyList<object?> items, int depth)
    {
        for (int i = 0; i < items.Count; i++) Walk(Joined(path, i.ToString(CultureInfo.InvariantCulture)), items[i], depth + 1);
    }

    void Add(string path, PickledTensor tensor)
    {
        if (!tensors.TryAdd(path, tensor)) throw new PickleContentException($"two tensors of the pickle have the name '{path}'");
        infos.Add(new TensorInfo(path, tensor.Dtype, tensor.Shape));
    }

    static string Joined(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    static string KeyText(object? key) => key switch
    {
        string text => text,
        PickledTuple tuple => $"({string.Join(", ", tuple.Items.Select(KeyText))})",
        PickledTensor or PickledDict or List<object?> => throw new PickleContentException("a dict of the pickle has a key that is no plain value"),
        _ => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "None",
    };
}
