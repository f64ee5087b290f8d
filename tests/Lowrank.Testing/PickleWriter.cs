using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace Lowrank.Testing;

/// <summary>Writes pickles opcode by opcode, as torch.save does and as it never would, and the two kinds of files around them.</summary>
public sealed class PickleWriter
{
    readonly MemoryStream stream = new();

    public PickleWriter() => Raw(0x80, 2);

    public PickleWriter Raw(params byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public PickleWriter Global(string module, string name) => Raw([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public PickleWriter Value(object? value) => value switch
    {
        null => Raw((byte)'N'),
        bool truth => Raw(truth ? (byte)0x88 : (byte)0x89),
        int number => Value((BigInteger)number),
        long number => Value((BigInteger)number),
        BigInteger number => Raw([0x8a, (byte)number.ToByteArray().Length, .. number.ToByteArray()]),
        double real => Raw([(byte)'G', .. BigEndian(real)]),
        string text => Raw([(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)]),
        Stored tensor => Tensor(tensor),
        (string key, object item) => Value(key).Value(item),
        Dictionary<string, object?> dict => Items('}', dict.SelectMany(pair => new[] { pair.Key, pair.Value }), 'u'),
        object?[] list => Items(']', list, 'e'),
        Action<PickleWriter> write => Written(write),
        _ => throw new NotSupportedException($"{value}"),
    };

    public PickleWriter Tuple(params object?[] items)
    {
        Raw((byte)'(');
        foreach (var item in items) Value(item);
        return Raw((byte)'t');
    }

    public PickleWriter Call() => Raw((byte)'R');

    public byte[] Stop() => Raw((byte)'.').stream.ToArray();

    public static byte[] Of(object? value) => new PickleWriter().Value(value).Stop();

    /// <summary>The archive that torch.save writes since 1.6; storages are named by their place.</summary>
    public static byte[] Zip(byte[] pickle, byte[][] storages, CompressionLevel compression = CompressionLevel.NoCompression, params (string Name, byte[] Content)[] more)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", pickle);
            Add("archive/byteorder", "little"u8.ToArray());
            for (int i = 0; i < storages.Length; i++) Add($"archive/data/{i}", storages[i]);
            foreach (var (name, content) in more) Add(name, content);

            void Add(string name, byte[] content)
            {
                using var entry = archive.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>The run of pickles and storages that torch.save wrote before.</summary>
    public static byte[] Legacy(byte[] pickle, params (int Elements, byte[] Bytes)[] storages)
    {
        var sizes = new Dictionary<string, object?> { ["short"] = 2, ["int"] = 4, ["long"] = 4 };
        var system = new Dictionary<string, object?> { ["protocol_version"] = 1001, ["little_endian"] = true, ["type_sizes"] = sizes };
        return
        [
            .. Of(BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null)), .. Of(1001), .. Of(system), .. pickle,
            .. Of(storages.Select((_, i) => (object?)$"{i}").ToArray()),
            .. storages.SelectMany(storage => BitConverter.GetBytes((long)storage.Elements).Concat(storage.Bytes)),
        ];
    }

    PickleWriter Items(char empty, IEnumerable<object?> items, char append)
    {
        Raw((byte)empty, (byte)'(');
        foreach (var item in items) Value(item);
        return Raw((byte)append);
    }

    PickleWriter Written(Action<PickleWriter> write)
    {
        write(this);
        return this;
    }

    PickleWriter Tensor(Stored tensor)
    {
        Global("torch._utils", tensor.Dtype == null ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
        object?[] id = ["storage", (Action<PickleWriter>)(w => w.Global("torch", tensor.Storage)), tensor.Key, "cpu", tensor.Count];
        Raw((byte)'(').Tuple(tensor.View == null ? id : [.. id, tensor.View]).Raw((byte)'Q');
        Value(tensor.Offset).Tuple([.. tensor.Shape.Cast<object?>()]).Tuple([.. tensor.Strides.Cast<object?>()]).Value(false);
        Global("collections", "OrderedDict").Tuple().Call();
        if (tensor.Dtype != null) Global("torch", tensor.Dtype);
        return Raw((byte)'t').Call();
    }

    static byte[] BigEndian(double real)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, real);
        return bytes;
    }
}

/// <summary>A tensor as torch pickles it.</summary>
public sealed record Stored(string Storage, string Key, long Count, long Offset, long[] Shape, long[] Strides, string? Dtype = null, Action<PickleWriter>? View = null);
