using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Folders of AutoGPTQ and GPTQModel.</summary>
sealed class GptqScheme(Gptq storage) : QuantizedScheme
{
    const string Words = ".qweight", Zeros = ".qzeros", Scales = ".scales", Groups = ".g_idx";

    public override string Name => "gptq";

    internal static GptqScheme From(JsonElement settings)
    {
        string rule = settings.TryGetProperty("checkpoint_format", out var format) && format.ValueKind == JsonValueKind.String
            ? format.GetString()! : "gptq";
        if (rule is not ("gptq" or "gptq_v2"))
            throw new LowrankException($"the checkpoint_format '{rule}' of GPTQ is not read; read are gptq and gptq_v2.");
        var storage = new Gptq(Count(settings, "bits"), Count(settings, "group_size"), ZerosLessOne: rule == "gptq");
        storage.RequireBits();
        return new(storage);
    }

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Words, ".weight")];

    internal override IReadOnlyList<string> Ends => [Words, Zeros, Scales, Groups];

    internal override long[] ShapeOf(QuantizedParts parts) =>
        parts.Info(Words).Shape is [var rows, var outputs] ? [outputs, rows * 32 / storage.Bits]
        : throw new LowrankException($"{parts.Module}{Words} has the shape {parts.Info(Words).Shape.Text()}, and two axes belong there.");

    internal override Tensor Decode(QuantizedParts parts) =>
        storage.Decode(parts.Read(Words), parts.Read(Zeros), parts.Read(Scales), parts.ReadIfThere(Groups));
}
