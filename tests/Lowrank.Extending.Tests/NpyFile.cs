using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Extending.Tests;

/// <summary>NumPy's file of one array (version 1, float32, rows first), as a container that a program brings along.</summary>
sealed partial class NpyFile : ITensorFile
{
    const string ArrayName = "array";
    const int HeaderStart = 10;

    static readonly byte[] magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    readonly byte[] bytes;
    readonly TensorInfo info;
    readonly int dataStart;

    NpyFile(string path)
    {
        Path = path;
        bytes = File.ReadAllBytes(path);
        dataStart = HeaderStart + BitConverter.ToUInt16(bytes, magic.Length);
        string header = Encoding.Latin1.GetString(bytes, HeaderStart, dataStart - HeaderStart);
        if (!header.Contains("'descr': '<f4'") || !header.Contains("'fortran_order': False"))
            throw new LowrankException($"{path} holds no float32 in rows: {header.Trim()}");
        var axes = Shape().Match(header).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        info = new(ArrayName, TensorDtype.F32, [.. axes.Select(long.Parse)]);
    }

    /// <summary>The kind of file, for the list.</summary>
    public static Container Kind { get; } = new("npy", head => head.AsSpan().StartsWith(magic), path => new NpyFile(path));

    public string Path { get; }

    public string Container => Kind.Name;

    public IReadOnlyList<TensorInfo> Tensors => [info];

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Notes => [];

    public Tensor Read(string name) =>
        TensorBytes.Read(new MemoryStream(bytes, dataStart, bytes.Length - dataStart), Find(name).Dtype, info.Shape);

    public double ReadScalar(string name) => Find(name).Count == 1
        ? BitConverter.ToSingle(bytes, dataStart)
        : throw new LowrankException($"{Path}: '{name}' has the shape {info.Shape.Text()}, where one number belongs.");

    TensorInfo Find(string name) => name == ArrayName ? info : throw new LowrankException($"{Path} holds '{ArrayName}' alone.");

    public void Dispose() { }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
