using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Lowrank.Torch;

/// <summary>The code in a TorchScript file: what each module's class is, and what its operators do with its weight.</summary>
/// <remarks>libtorch tells a loaded module's parameters, but neither its class nor numbers such as a stride.</remarks>
sealed partial class ScriptCode
{
    readonly ZipArchive archive;
    readonly string folder;
    readonly Dictionary<string, string> texts = [];                    // class → its text
    readonly Dictionary<string, string> classes = [];                  // path → class

    // Classes of torch.nn, and GPT-2's own, whose "weight" is what its kind says.
    static readonly Dictionary<string, LayerKind> known = new()
    {
        ["Linear"] = LayerKind.Linear, ["NonDynamicallyQuantizableLinear"] = LayerKind.Linear, ["Conv1D"] = LayerKind.TransposedLinear,
        ["Embedding"] = LayerKind.Embedding,
        ["Conv1d"] = LayerKind.Conv1d, ["Conv2d"] = LayerKind.Conv2d, ["Conv3d"] = LayerKind.Conv3d,
        ["LayerNorm"] = LayerKind.Norm, ["GroupNorm"] = LayerKind.Norm, ["RMSNorm"] = LayerKind.Norm,
        ["BatchNorm1d"] = LayerKind.Norm, ["BatchNorm2d"] = LayerKind.Norm, ["BatchNorm3d"] = LayerKind.Norm,
        ["InstanceNorm1d"] = LayerKind.Norm, ["InstanceNorm2d"] = LayerKind.Norm, ["InstanceNorm3d"] = LayerKind.Norm,
    };

    ScriptCode(ZipArchive archive)
    {
        this.archive = archive;
        var data = archive.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new InvalidDataException("there is no data.pkl in it");
        folder = data.FullName[..^"data.pkl".Length];
        if (!archive.Entries.Any(e => e.FullName.StartsWith(folder + "code/", StringComparison.Ordinal)))
            throw new InvalidDataException("there is no code in it: it holds weights alone, and no module that could be run. " +
                "Write one with torch.jit.save");
        Walk("", RootClass(data));
    }

    /// <summary>Reads the code of a file.</summary>
    /// <exception cref="LowrankException">It is no TorchScript file.</exception>
    public static ScriptCode Read(string path)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            return new ScriptCode(archive);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path}: is no TorchScript module: {error.Message}", error);
        }
    }

    // The pickle begins with the root's class: protocol 2, then GLOBAL, the module's line, the name's line.
    static string RootClass(ZipArchiveEntry data)
    {
        using var reader = new StreamReader(data.Open(), System.Text.Encoding.Latin1);
        var (head, name) = (reader.ReadLine(), reader.ReadLine());
        bool beginsWithClass = head is not null && head.StartsWith("\u0080\u0002c", StringComparison.Ordinal);
        if (head is null || name is null || !beginsWithClass)
            throw new InvalidDataException("its data.pkl does not begin with a module's class");
        return $"{head[3..]}.{name}";
    }

    void Walk(string path, string type)
    {
        classes[path] = type;
        foreach (Match child in Child().Matches(Text(type)))
            Walk(path.Length == 0 ? child.Groups["name"].Value : $"{path}.{child.Groups["name"].Value}", child.Groups["type"].Value);
    }

    // A class stands in the file that its qualifier names, maybe among others.
    string Text(string type)
    {
        if (texts.TryGetValue(type, out var known)) return known;
        var parts = type.Split('.');
        string module = string.Join('.', parts[..^1]);
        if (archive.GetEntry($"{folder}code/{module.Replace('.', '/')}.py") is not { } entry) return texts[type] = "";
        using var reader = new StreamReader(entry.Open());
        foreach (Match one in Class().Matches(reader.ReadToEnd())) texts[$"{module}.{one.Groups["name"].Value}"] = one.Value;
        return texts.TryGetValue(type, out var text) ? text : texts[type] = "";
    }

    /// <summary>
    /// What the module at <paramref name="path"/> does with its weight of that shape, and how it convolves; null if it is no layer that can
    /// be adapted.
    /// </summary>
    public (LayerKind Kind, ConvolutionWalk? Walk)? LayerAt(string path, long[] shape)
    {
        string type = classes.GetValueOrDefault(path, ""), text = texts.GetValueOrDefault(type, "");
        if (Kind(type[(type.LastIndexOf('.') + 1)..], text, shape.Length) is not { } kind) return null;
        return (kind, kind is LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d ? WalkOf(text, shape.Length - 2) : null);
    }

    // By the class's name; else by the operator; else, where the code is gone, by the weight's axes.
    static LayerKind? Kind(string name, string text, int axes)
    {
        if (known.TryGetValue(name, out var kind)) return kind;
        if (IsTransposed(text)) return null;
        if (text.Contains("torch.embedding(", StringComparison.Ordinal)) return LayerKind.Embedding;
        return axes switch
        {
            1 => text.Contains("_norm(", StringComparison.Ordinal) ? LayerKind.Norm : null,
            // x·W without a transpose is GPT-2's way.
            2 => text.Contains("torch.addmm(", StringComparison.Ordinal) ? LayerKind.TransposedLinear : LayerKind.Linear,
            3 => LayerKind.Conv1d,
            4 => LayerKind.Conv2d,
            5 => LayerKind.Conv3d,
            _ => null,
        };
    }

    static bool IsTransposed(string text) =>
        text.Contains("conv_transpose", StringComparison.Ordinal)
        || Convolves().Match(text) is { Success: true } call && call.Groups["transposed"].Value == "True";

    static ConvolutionWalk? WalkOf(string text, int axes)
    {
        var call = Convolves().Match(text);
        if (!call.Success || text.Contains("torch.pad(", StringComparison.Ordinal)) return null;
        var (stride, padding, dilation) = (Numbers("stride"), Numbers("padding"), Numbers("dilation"));
        long groups = call.Groups["groups"] is { Success: true } g ? long.Parse(g.Value, CultureInfo.InvariantCulture) : 1;
        bool fits = stride.Length == axes && padding.Length == axes && dilation.Length == axes;
        return fits ? new(stride, padding, dilation, groups) : null;

        long[] Numbers(string group)
        {
            var numbers = call.Groups[group].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
            return [.. numbers.Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        }
    }

    [GeneratedRegex(
        """^  (?:(?<name>\w+)|__annotations__\["(?<name>[^"]+)"\]) : (?<type>__torch__\.[\w.]+)$""" +
        """|^  __annotations__\["(?<name>[^"]+)"\] = (?<type>__torch__\.[\w.]+)$""", RegexOptions.Multiline)]
    private static partial Regex Child();

    [GeneratedRegex("""^class (?<name>\w+)\(.*?(?=^class |\z)""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Class();

    // torch.conv2d(x, weight, bias, [stride], [padding], [dilation], groups) as scripted,
    // torch._convolution(..., transposed, [output padding], groups, ...) as traced.
    [GeneratedRegex(
        """torch\.(?:conv[123]d|_convolution)\(\w+, \w+, \w+, """ +
        """\[(?<stride>[\d, ]*)\], \[(?<padding>[\d, ]*)\], \[(?<dilation>[\d, ]*)\]""" +
        """(?:, (?<transposed>True|False), \[[\d, ]*\])?(?:, (?<groups>\d+))?""")]
    private static partial Regex Convolves();
}
