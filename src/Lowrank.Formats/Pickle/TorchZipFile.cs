using System.IO.Compression;
using System.Text;

namespace Lowrank.Formats;

/// <summary>What torch.save writes since version 1.6: a zip archive of one pickle and a file for each storage.</summary>
sealed class TorchZipFile : PickledFile
{
    // No deflated byte becomes more than 1032.
    const long MostInflation = 1032;

    readonly ZipArchive archive;
    readonly PickleLimits limits;
    readonly Dictionary<string, ZipArchiveEntry> entries = [];
    readonly string folder = "";

    internal TorchZipFile(string path) : base(path)
    {
        var stream = FileBytes.Open(path);
        try
        {
            limits = new PickleLimits(stream.Length);
            archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false);
            foreach (var entry in archive.Entries) Add(entry, stream.Length);
            var pickle = FindPickle();
            folder = pickle.FullName[..^"data.pkl".Length];
            CheckByteOrder();
            Contents = ReadPickle(pickle);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            stream.Dispose();
            throw FileFault.In(path, $"the zip archive is damaged: {error.Message} Is the download incomplete?", inner: error);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public override string Container => TorchPickle.ZipName;

    public override void Dispose() => archive.Dispose();

    void Add(ZipArchiveEntry entry, long fileLength)
    {
        string name = entry.FullName;
        if (name.Contains('\\') || name.Contains(':') || name.StartsWith('/') || name.Split('/').Contains(".."))
            throw FileFault.In(Path, $"the zip archive has a member '{name}', whose name leads out of the archive");
        if (!entries.TryAdd(name, entry)) throw FileFault.In(Path, $"the zip archive has two members '{name}'");
        if (entry.CompressedLength < 0 || entry.CompressedLength > fileLength || entry.Length < 0
            || entry.Length / MostInflation > entry.CompressedLength)
            throw FileFault.In(Path, $"the zip archive's member '{name}' claims {entry.CompressedLength} bytes packed " +
                $"and {entry.Length} unpacked, in a file of {fileLength}");
    }

    ZipArchiveEntry FindPickle()
    {
        var pickles = entries.Values.Where(entry => entry.Name == "data.pkl" && entry.FullName.Count(c => c == '/') <= 1).ToList();
        if (pickles is not [var pickle])
            throw FileFault.In(Path, $"a zip archive with {(pickles.Count == 0 ? "no" : "several")} data.pkl, " +
                $"so not of torch.save; its members begin with {string.Join(", ", entries.Keys.Take(3))}");
        if (entries.ContainsKey(pickle.FullName[..^"data.pkl".Length] + "constants.pkl"))
            throw FileFault.In(Path, "a TorchScript module, which holds a program besides its tensors. " +
                "Load it with torch.jit.load, or save its state_dict");
        if (pickle.Length > limits.PickleBytes)
            throw FileFault.In(Path,
                $"{pickle.FullName} has {pickle.Length} bytes, more than the {limits.PickleBytes} allowed in a file of this size");
        return pickle;
    }

    void CheckByteOrder()
    {
        if (!entries.TryGetValue(folder + "byteorder", out var entry)) return;
        var text = new byte[Math.Min(entry.Length, 8)];
        using (var stream = entry.Open()) stream.ReadExactly(text);
        if (Encoding.ASCII.GetString(text) == "big") throw FileFault.In(Path, $"the numbers are in big-endian order, which is not read");
    }

    PickleContents ReadPickle(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using (var stream = entry.Open()) stream.ReadExactly(bytes);
        return Reading(entry.FullName, () => new PickleContents(Unpickler.Read(new MemoryStream(bytes), limits, StorageOf), limits));
    }

    // ("storage", class, key, device, count)
    PickledStorage StorageOf(object?[] id)
    {
        if (id is not ["storage", PickledName kind, string key, _, long count] || count < 0)
            throw new ArgumentException("a storage's id is not of torch's form");
        var dtype = PickledNames.StorageDtype(kind) ?? throw new ArgumentException($"{kind} is no storage");
        if (!entries.TryGetValue($"{folder}data/{key}", out var entry))
            throw new ArgumentException($"the storage {folder}data/{key} is not in the archive");
        if (entry.Length > limits.StorageBytes)
            throw new ArgumentException(
                $"the storage {entry.FullName} is packed, from {entry.Length} bytes into {entry.CompressedLength}, as no weights are");
        if (count > entry.Length / dtype.Size())
            throw new ArgumentException(
                $"the storage {entry.FullName} is said to have {count} elements of {dtype}, and has {entry.Length} bytes");
        return new PickledStorage(key, dtype, 0, count);
    }

    protected override Stream OpenStorage(string key, long firstByte)
    {
        var stream = entries[$"{folder}data/{key}"].Open();
        if (stream.CanSeek) stream.Position = firstByte;
        else Skip(stream, firstByte);
        return stream;
    }

    static void Skip(Stream stream, long count)
    {
        var buffer = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int part = (int)Math.Min(count, buffer.Length);
            stream.ReadExactly(buffer, 0, part);
            count -= part;
        }
    }
}
