using System.Text;

namespace Lowrank.Formats.Tests;

/// <summary>Builds the bytes of GGUF files, right ones and others.</summary>
sealed class GgufBytes
{
    readonly MemoryStream stream = new();

    public static GgufBytes Begin(ulong tensors, ulong keys, uint version = 3) => new GgufBytes().Raw("GGUF"u8).Number(version).Number(tensors).Number(keys);

    public GgufBytes Raw(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public GgufBytes Number(uint number) => Raw(BitConverter.GetBytes(number));

    public GgufBytes Number(ulong number) => Raw(BitConverter.GetBytes(number));

    public GgufBytes Text(string text) => Number((ulong)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    public GgufBytes Key(string key, uint type) => Text(key).Number(type);

    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] axes)
    {
        Text(name).Number((uint)axes.Length);
        foreach (ulong axis in axes) Number(axis);
        return Number(type).Number(offset);
    }

    /// <summary>Padding, and so many bytes of data.</summary>
    public byte[] Data(int bytes, int alignment = 32)
    {
        stream.Write(new byte[(alignment - stream.Length % alignment) % alignment]);
        stream.Write(new byte[bytes]);
        return stream.ToArray();
    }

    public byte[] Bytes() => stream.ToArray();
}
