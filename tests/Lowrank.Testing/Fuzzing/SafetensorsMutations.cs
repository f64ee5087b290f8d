using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Changes of a safetensors header whose length stays right, so that they reach what is behind the first check; and of that length.</summary>
public static class SafetensorsMutations
{
    const int LengthBytes = 8;
    const string Metadata = "__metadata__";

    static readonly string[] dtypes = ["F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "I64", "I32", "I16", "I8", "U8", "U16", "U32", "U64", "BOOL", "F4", "C64", "f32", "float32", "", "0", "7", "BOOL,U8"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. JsonMutations.All.Select(mutation => new Mutation($"header: {mutation.Name}", (bytes, random) =>
            Header(bytes) is { } header && mutation.Change(header.Json, random) is { } json ? Join(json, header.Data) : null)),
        new("header's length", (bytes, random) =>
            bytes.Length < LengthBytes ? null : [.. BitConverter.GetBytes(Hostile.Numbers.Any(random)), .. bytes[LengthBytes..]]),
        new("header's length a little off", (bytes, random) =>
            bytes.Length < LengthBytes ? null : [.. BitConverter.GetBytes(BitConverter.ToInt64(bytes) + random.Next(-16, 17)), .. bytes[LengthBytes..]]),
        new("blanks before and behind the header", (bytes, random) =>
            Header(bytes) is { } header ? Join([.. "  \n"u8, .. header.Json, .. Enumerable.Repeat((byte)' ', random.Next(100))], header.Data) : null),
        new("another dtype", (bytes, random) => OfTensor(bytes, random, tensor => tensor["dtype"] = dtypes.Any(random))),
        new("an axis", (bytes, random) => OfArray(bytes, random, "shape", axes => axes[random.Next(axes.Count)] = Hostile.Numbers.Any(random))),
        new("a huge shape", (bytes, random) =>
            OfTensor(bytes, random, tensor => tensor["shape"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (JsonNode)(1L << random.Next(20, 63)))]))),
        new("a huge shape of nothing", (bytes, random) =>
            OfTensor(bytes, random, tensor => (tensor["shape"], tensor["data_offsets"]) = (new JsonArray(0, 1L << random.Next(63), random.Next(9)), new JsonArray(0, 0)))),
        new("axes without end", (bytes, random) =>
            OfTensor(bytes, random, tensor => tensor["shape"] = new JsonArray([.. tensor["shape"]!.AsArray().Select(axis => axis!.DeepClone()), .. Enumerable.Repeat(0, random.Next(1, 3000)).Select(_ => (JsonNode)1)]))),
        new("axes exchanged", (bytes, random) => OfArray(bytes, random, "shape", Turn)),
        new("an axis more", (bytes, random) => OfTensor(bytes, random, tensor => tensor["shape"]!.AsArray().Add(1))),
        new("an offset", (bytes, random) =>
            OfArray(bytes, random, "data_offsets", offsets => offsets[random.Next(offsets.Count)] = Hostile.Numbers.Any(random))),
        new("an offset a little off", (bytes, random) =>
            OfArray(bytes, random, "data_offsets", offsets => offsets[random.Next(offsets.Count)] = offsets[0]!.GetValue<long>() + random.Next(-64, 64))),
        new("offsets backwards", (bytes, random) => OfArray(bytes, random, "data_offsets", Turn)),
        new("offsets shifted", (bytes, random) =>
            OfArray(bytes, random, "data_offsets", offsets => { long by = random.Next(-64, 64); for (int i = 0; i < offsets.Count; i++) offsets[i] = offsets[i]!.GetValue<long>() + by; })),
        new("the place of another", (bytes, random) =>
            OfTwo(bytes, random, (one, other) => one["data_offsets"] = other["data_offsets"]!.DeepClone())),
        new("places exchanged", (bytes, random) =>
            OfTwo(bytes, random, (one, other) => (one["data_offsets"], other["data_offsets"]) = (other["data_offsets"]!.DeepClone(), one["data_offsets"]!.DeepClone()))),
        new("a tensor of another's description", (bytes, random) =>
            OfTwo(bytes, random, (one, other) => (one["shape"], one["dtype"]) = (other["shape"]!.DeepClone(), other["dtype"]!.DeepClone()))),
        new("data cut off", (bytes, random) =>
            Header(bytes) is { } header ? Join(header.Json, header.Data[..random.Next(header.Data.Length + 1)]) : null),
        new("values that are no numbers", (bytes, random) =>
            Header(bytes) is { } header ? Join(header.Json, [.. header.Data.Select(value => random.Next(4) == 0 ? (byte)0xff : value)]) : null),
        new("tensors by the thousand", (bytes, random) =>
            WithTree(bytes, tree => { for (int i = 0; i < 3000; i++) tree[$"t{i}"] = new JsonObject { ["dtype"] = "U8", ["shape"] = new JsonArray(0), ["data_offsets"] = new JsonArray(0, 0) }; return true; })),
        new("a megabyte of metadata", (bytes, random) =>
            WithTree(bytes, tree => { tree[Metadata] = new JsonObject { ["x"] = new string('x', 1 << 20) }; return true; })),
        new("hostile metadata", (bytes, random) =>
            WithTree(bytes, tree => { tree[Metadata] = new JsonObject { [Hostile.Names.Any(random)] = Hostile.Names.Any(random) }; return true; })),
    ];

    static (byte[] Json, byte[] Data)? Header(byte[] bytes)
    {
        if (bytes.Length < LengthBytes || BitConverter.ToInt64(bytes) is var length && (length < 0 || length > bytes.Length - LengthBytes)) return null;
        int start = LengthBytes + (int)length;
        return (bytes[LengthBytes..start], bytes[start..]);
    }

    static byte[] Join(byte[] json, byte[] data)
    {
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    static byte[]? WithTree(byte[] bytes, Func<JsonObject, bool> change) =>
        Header(bytes) is { } header && JsonMutations.Parse(header.Json) is JsonObject tree && change(tree) ? Join(JsonMutations.Text(tree), header.Data) : null;

    static byte[]? OfTensor(byte[] bytes, Random random, Action<JsonObject> change) => WithTree(bytes, tree =>
    {
        if (Tensors(tree) is not { Count: > 0 } tensors) return false;
        change(tensors.Any(random));
        return true;
    });

    static byte[]? OfTwo(byte[] bytes, Random random, Action<JsonObject, JsonObject> change) => WithTree(bytes, tree =>
    {
        if (Tensors(tree) is not { Count: > 1 } tensors) return false;
        change(tensors.Any(random), tensors.Any(random));
        return true;
    });

    static byte[]? OfArray(byte[] bytes, Random random, string field, Action<JsonArray> change) => WithTree(bytes, tree =>
    {
        var arrays = Tensors(tree).Select(tensor => tensor[field]!.AsArray()).Where(array => array.Count > 0 && array.All(item => item is JsonValue number && number.TryGetValue(out long _))).ToList();
        if (arrays.Count == 0) return false;
        change(arrays.Any(random));
        return true;
    });

    // Those that are still whole after an earlier change.
    static List<JsonObject> Tensors(JsonObject tree) =>
        [.. tree.Select(field => field.Value).OfType<JsonObject>().Where(tensor => tensor["dtype"] is JsonValue && tensor["shape"] is JsonArray && tensor["data_offsets"] is JsonArray)];

    static void Turn(JsonArray array)
    {
        var items = array.Select(item => item!.DeepClone()).Reverse().ToList();
        array.Clear();
        foreach (var item in items) array.Add(item);
    }
}
