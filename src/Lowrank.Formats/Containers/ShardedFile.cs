using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Several files that an index joins: <c>{"metadata": {...}, "weight_map": {tensor: file}}</c>.</summary>
sealed class ShardedFile : ITensorFile
{
    readonly Dictionary<string, ITensorFile> shards = [];
    readonly Dictionary<string, ITensorFile> byTensor = [];

    ShardedFile(string path) => Path = path;

    public string Path { get; }

    public string Container => shards.Values.First().Container;

    public IReadOnlyList<TensorInfo> Tensors { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Notes => [.. shards.Values.SelectMany(shard => shard.Notes)];

    public Tensor Read(string name) => ShardOf(name).Read(name);

    public Tensor Read(string name, Scratch scratch) => ShardOf(name).Read(name, scratch);

    public void Expect(string name) => ShardOf(name).Expect(name);

    public double ReadScalar(string name) => ShardOf(name).ReadScalar(name);

    ITensorFile ShardOf(string name) => byTensor.TryGetValue(name, out var shard) ? shard : throw TensorNames.Unknown(this, name);

    public void Dispose()
    {
        foreach (var shard in shards.Values) shard.Dispose();
    }

    internal static ITensorFile Open(string path)
    {
        var file = new ShardedFile(path);
        try
        {
            file.Join(JsonFile.Object(path, duplicates: false));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    void Join(JsonElement index)
    {
        if (!index.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new LowrankException($"{Path} has no weight_map.");
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        foreach (var pair in map.EnumerateObject())
        {
            string name = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : "";
            if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', ':') || name.Any(char.IsControl))
                throw new LowrankException($"{Path}: '{pair.Name}' is said to be in '{name}', which is no name of a file beside it.");
            if (!shards.ContainsKey(name)) shards.Add(name, OpenShard(folder, name));
            byTensor.Add(pair.Name, shards[name]);
        }
        if (shards.Count == 0) throw new LowrankException($"{Path} names no shard.");
        CheckContents();
        Tensors = [.. shards.Values.SelectMany(shard => shard.Tensors)];
        bool tells = index.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object;
        var own = tells ? metadata.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.ToString())) : [];
        // What shards tell of their tensors, such as in which way they are rounded, is told there alone.
        Metadata = own.Concat(shards.Values.SelectMany(shard => shard.Metadata)).DistinctBy(item => item.Key).ToDictionary();
    }

    ITensorFile OpenShard(string folder, string name)
    {
        string place = System.IO.Path.Combine(folder, name);
        if (File.Exists(place)) return Containers.Open(place);
        string index = System.IO.Path.GetFileName(Path);
        throw new LowrankException($"{place} does not exist{NearestFiles.Told(place)}. {index} names it: fetch that shard too.");
    }

    void CheckContents()
    {
        var faults = new List<string>();
        foreach (var shard in shards.Values)
        {
            var held = shard.Tensors.Select(tensor => tensor.Name).ToHashSet();
            var placed = byTensor.Where(pair => pair.Value == shard).Select(pair => pair.Key).ToHashSet();
            string name = System.IO.Path.GetFileName(shard.Path);
            faults.AddRange(placed.Except(held).Select(tensor => $"{name} lacks {tensor}"));
            faults.AddRange(held.Except(placed).Select(tensor => $"{name} holds {tensor}, which the index does not place there"));
        }
        if (faults.Count > 0)
            throw new LowrankException($"{Path} and its shards differ: {string.Join("; ", faults.Take(5))}" +
                $"{(faults.Count > 5 ? $"; and {faults.Count - 5} more" : "")}.");
    }
}
