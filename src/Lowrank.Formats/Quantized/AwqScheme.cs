using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Folders of AutoAWQ, in its "gemm" layout.</summary>
sealed class AwqScheme(Awq storage) : QuantizedScheme
{
    const string Words = ".qweight", Zeros = ".qzeros", Scales = ".scales";

    public override string Name => "awq";

    internal static AwqScheme From(JsonElement settings)
    {
        string version = settings.TryGetProperty("version", out var named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()!.ToLowerInvariant() : "gemm";
        if (version != "gemm") throw new LowrankException($"the layout '{version}' of AWQ is not read; read is gemm.");
        if (Count(settings, "bits") is not 4 and var bits) throw new LowrankException($"AWQ of {bits} bits is not read; read are 4.");
        return new(new(Count(settings, "group_size")));
    }

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Words, ".weight")];

    internal override IReadOnlyList<string> Ends => [Words, Zeros, Scales];

    internal override long[] ShapeOf(QuantizedParts parts) =>
        parts.Info(Words).Shape is [var inputs, var row] ? [row * 8, inputs]
        : throw new LowrankException($"{parts.Module}{Words} has the shape {parts.Info(Words).Shape.Text()}, and two axes belong there.");

    internal override Tensor Decode(QuantizedParts parts) =>
        storage.Decode(parts.Read(Words), parts.ReadIfThere(Zeros), parts.Read(Scales));
}
