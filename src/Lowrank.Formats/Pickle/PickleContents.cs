using System.Globalization;
using System.Text;

namespace Lowrank.Formats;

/// <summary>The tensors and the plain data of a pickle, by dotted path: dict keys and list indices; a leading <c>state_dict.</c> is left
/// out.</summary>
sealed class PickleContents
{
    const string RootLevel = "state_dict";

    readonly Dictionary<string, PickledTensor> tensors = [];
    readonly Dictionary<string, string> metadata = [];
    readonly List<TensorInfo> infos = [];
    readonly PickleLimits limits;
    long values, nameCharacters;

    internal PickleContents(object? root, PickleLimits limits)
    {
        this.limits = limits;
        if (root is PickledTensor) Walk("tensor", root, 0);   // a tensor saved bare has no name of its own
        else Walk("", root, 0);
    }

    internal IReadOnlyDictionary<string, PickledTensor> Tensors => tensors;

    /// <summary>In the order of the pickle.</summary>
    internal IReadOnlyList<TensorInfo> Infos => infos;

    internal IReadOnlyDictionary<string, string> Metadata => metadata;

    void Walk(string path, object? value, int depth)
    {
        Count(path.Length, depth);
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
            case bool or long or double or System.Numerics.BigInteger:
                metadata.TryAdd(path, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case PickledName name: metadata.TryAdd(path, name.ToString()); break;
        }
    }

    // Values that refer to each other in a ring, or that many names share, would be walked without end.
    void Count(int characters, int depth)
    {
        if (depth > PickleLimits.Levels)
            throw new PickleContentException(
                $"the pickle's values are nested deeper than {PickleLimits.Levels} levels, or contain themselves");
        if (++values > limits.Values) throw new PickleContentException($"the pickle holds more than {limits.Values} values");
        if ((nameCharacters += characters) > limits.NameCharacters)
            throw new PickleContentException(
                $"the names of the pickle's values have more than {limits.NameCharacters} characters");
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

    string KeyText(object? key)
    {
        if (key is string name) return name;
        var text = new StringBuilder();
        Append(text, key, 0);
        return text.ToString();
    }

    void Append(StringBuilder text, object? key, int depth)
    {
        if (key is PickledTensor or PickledDict or List<object?>)
            throw new PickleContentException("a dict of the pickle has a key that is no plain value");
        if (key is PickledTuple tuple)
        {
            Count(0, depth);
            text.Append('(');
            for (int i = 0; i < tuple.Items.Length; i++) Append(i == 0 ? text : text.Append(", "), tuple.Items[i], depth + 1);
            text.Append(')');
            return;
        }
        string plain = key is null ? "None" : Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
        Count(plain.Length, depth);
        text.Append(plain);
    }
}
