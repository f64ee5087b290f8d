using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lowrank.Adapters;

/// <summary>The hashes by which kohya's tools and AUTOMATIC1111 know an adapter file.</summary>
/// <param name="ModelHash">sshs_model_hash: SHA-256 over the tensor data, in lower-case hexadecimal.</param>
/// <param name="LegacyHash">
/// sshs_legacy_hash: the first 8 digits of the SHA-256 over bytes 0x100000 to 0x110000 of the file with only ss_* metadata.
/// </param>
/// <remarks>Source: kohya-ss/sd-scripts library/train_util.py, precalculate_safetensors_hashes, at 48d368f.</remarks>
public sealed record KohyaHashes(string ModelHash, string LegacyHash)
{
    /// <summary>The hashes of tensors that are about to be saved with <paramref name="metadata"/>.</summary>
    public static KohyaHashes Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var sink = new Sink();
        Safetensors.Write(sink, tensors, metadata.Where(pair => pair.Key.StartsWith("ss_", StringComparison.Ordinal)).ToDictionary());
        return sink.Hashes();
    }

    /// <summary>
    /// The hashes of an open file's tensors as they would be saved, one in memory at a time; what kohya's tools would write into it today.
    /// </summary>
    public static KohyaHashes Of(ITensorFile file)
    {
        using var sink = new Sink();
        Safetensors.WriteLazily(sink, file.Tensors.Select(tensor => new TensorSource(tensor, () => Stored(file, tensor))),
            file.Metadata.Where(pair => pair.Key.StartsWith("ss_", StringComparison.Ordinal)).ToDictionary());
        return sink.Hashes();
    }

    /// <summary>Whether a field of metadata is a hash over the file.</summary>
    public static bool IsHash(string field) => field.StartsWith("sshs_", StringComparison.Ordinal) || field == Modelspec;

    /// <summary>Metadata with the hashes, and with modelspec's where there is a modelspec.</summary>
    public IReadOnlyDictionary<string, string> Beside(IReadOnlyDictionary<string, string> metadata)
    {
        var all = new Dictionary<string, string>(metadata) { ["sshs_model_hash"] = ModelHash, ["sshs_legacy_hash"] = LegacyHash };
        if (metadata.ContainsKey("modelspec.sai_model_spec")) all[Modelspec] = "0x" + ModelHash;
        return all;
    }

    const string Modelspec = "modelspec.hash_sha256";

    // 8-bit floats are read as float32; rounding them back gives the same bits.
    static Tensor Stored(ITensorFile file, TensorInfo info)
    {
        var read = file.Read(info.Name);
        return info.Dtype.IsFloat8() ? read.to(info.Dtype.ToScalarType()) : read;
    }

    /// <summary>
    /// The hashes of a whole safetensors file, as it stands. (A file with further metadata has another legacy hash than it had before it
    /// got them.)
    /// </summary>
    public static KohyaHashes Of(Stream file)
    {
        using var sink = new Sink();
        file.Position = 0;
        file.CopyTo(sink);
        return sink.Hashes();
    }

    /// <summary>What AUTOMATIC1111 writes into a picture's text: the first 12 digits.</summary>
    public string Short => ModelHash[..12];

    // Takes a file's bytes as they come and keeps none.
    sealed class Sink : Stream
    {
        const long WindowStart = 0x100000, WindowEnd = 0x110000, LengthBytes = 8;

        readonly IncrementalHash data = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        readonly IncrementalHash window = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        readonly byte[] headerLength = new byte[LengthBytes];
        long position;

        // Known once the first eight bytes are.
        long DataStart => LengthBytes + (position >= LengthBytes ? BinaryPrimitives.ReadInt64LittleEndian(headerLength) : 0);

        public KohyaHashes Hashes() =>
            new(Convert.ToHexStringLower(data.GetHashAndReset()), Convert.ToHexStringLower(window.GetHashAndReset())[..8]);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (position < LengthBytes)
            {
                var first = buffer[..(int)Math.Min(buffer.Length, LengthBytes - position)];
                first.CopyTo(headerLength.AsSpan((int)position));
                position += first.Length;
                buffer = buffer[first.Length..];
                if (position < LengthBytes) return;
            }
            data.AppendData(Between(buffer, DataStart, long.MaxValue));
            window.AppendData(Between(buffer, WindowStart, WindowEnd));
            position += buffer.Length;
        }

        // What of the buffer, which begins at the current position, lies between two places of the file.
        ReadOnlySpan<byte> Between(ReadOnlySpan<byte> buffer, long start, long end)
        {
            int from = (int)Math.Clamp(start - position, 0, buffer.Length), to = (int)Math.Clamp(end - position, from, buffer.Length);
            return buffer[from..to];
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => position;
        public override long Position { get => position; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            data.Dispose();
            window.Dispose();
            base.Dispose(disposing);
        }
    }
}
