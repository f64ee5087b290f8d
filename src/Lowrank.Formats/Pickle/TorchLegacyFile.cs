using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Lowrank.Formats;

/// <summary>What torch.save wrote before version 1.6: pickles of a magic number, a protocol, the system and the data, then a pickle of the
/// storages' keys, then for each a count and its elements.</summary>
sealed class TorchLegacyFile : PickledFile
{
    const int Protocol = 1001;
    static readonly BigInteger magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    readonly FileStream file;
    readonly PickleLimits limits;
    readonly Dictionary<string, (TensorDtype Dtype, long Count)> announced = [];
    readonly Dictionary<string, long> starts = [];

    internal TorchLegacyFile(string path) : base(path)
    {
        file = FileBytes.Open(path);
        limits = new PickleLimits(file.Length);
        try
        {
            using var stream = new BufferedStream(new FilePart(file, 0));
            Reading("", () => { CheckHead(stream); return 0; });
            Contents = Reading("", () => new PickleContents(Unpickler.Read(stream, limits, StorageOf), limits));
            Reading("", () => { FindStorages(stream); return 0; });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override string Container => TorchPickle.LegacyName;

    public override void Dispose() => file.Dispose();

    void CheckHead(Stream stream)
    {
        if (ReadPlain(stream) is not BigInteger number || number != magic)
            throw new PickleException(
                "a pickle, but not one of torch.save, which begins with its magic number. Only files of torch.save are read", 0);
        long at = stream.Position;
        if (ReadPlain(stream) is not (long and Protocol)) throw new PickleException($"the file is not of torch's protocol {Protocol}", at);
        at = stream.Position;
        if (ReadPlain(stream) is not PickledDict system || system["little_endian"] is false)
            throw new PickleException(
                "the numbers are in big-endian order, or the writing system is not described; such files are not read", at);
    }

    object? ReadPlain(Stream stream) =>
        Unpickler.Read(stream, limits, _ => throw new ArgumentException("the pickle names a storage where none belongs"));

    // ("storage", class, key, device, count, view), a view being (key, first element, count)
    PickledStorage StorageOf(object?[] id)
    {
        if (id is not ["storage", PickledName kind, string key, _, long count, .. var rest] || count < 0)
            throw new ArgumentException("a storage's id is not of torch's form");
        var dtype = PickledNames.StorageDtype(kind) ?? throw new ArgumentException($"{kind} is no storage");
        if (announced.TryGetValue(key, out var before) && before != (dtype, count))
            throw new ArgumentException($"the storage {key} is described in two ways");
        announced[key] = (dtype, count);
        if (rest is not [PickledTuple view]) return new PickledStorage(key, dtype, 0, count);
        if (view.Items is not [string, long start, long viewed] || start < 0 || viewed < 0 || start > count - viewed)
            throw new ArgumentException($"a view leads out of the storage {key}");
        return new PickledStorage(key, dtype, start, viewed);
    }

    void FindStorages(Stream stream)
    {
        long at = stream.Position;
        if (ReadPlain(stream) is not List<object?> keys || keys.Any(key => key is not string))
            throw new PickleException("the list of storages is missing", at);
        var count = new byte[8];
        foreach (string key in keys.Cast<string>())
        {
            at = stream.Position;
            if (!announced.TryGetValue(key, out var storage)) throw new PickleException($"the storage '{key}' belongs to no tensor", at);
            if (stream.ReadAtLeast(count, 8, throwOnEndOfStream: false) < 8)
                throw new PickleException($"the file ends before the storage '{key}'. Is the download incomplete?", at);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            if (elements != storage.Count)
                throw new PickleException($"the storage '{key}' has {elements} elements here, and was described with {storage.Count}", at);
            if (elements > (stream.Length - stream.Position) / storage.Dtype.Size())
                throw new PickleException($"the storage '{key}' of {elements} elements of {storage.Dtype} reaches beyond the end of the " +
                    "file. Is the download incomplete?", at);
            if (!starts.TryAdd(key, stream.Position)) throw new PickleException($"the storage '{key}' stands twice", at);
            stream.Position += elements * storage.Dtype.Size();
        }
        if (announced.Keys.FirstOrDefault(key => !starts.ContainsKey(key)) is { } missing)
            throw new PickleException($"the storage '{missing}' is missing", at);
        if (stream.Position < stream.Length)
            throw new PickleException($"{stream.Length - stream.Position} bytes after the last storage belong to nobody", stream.Position);
    }

    protected override Stream OpenStorage(string key, long firstByte) => new FilePart(file, starts[key] + firstByte);
}
