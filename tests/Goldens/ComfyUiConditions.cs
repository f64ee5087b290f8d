using System.Text.Json;
using Lowrank.Graphs;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Conditions of the ComfyUI goldens: what a condition does not name holds everywhere, always, with a weight of 1.</summary>
static class ComfyUiConditions
{
    // Percents of hooks are float32 there.
    const double Close = 1e-6;

    public static void AssertClose(GoldenCase c, Condition got, JsonElement wanted, string what)
    {
        Tensors(c, got.Tokens, wanted, "tokens", what);
        Assert.Equal(wanted.TryGetProperty("hooks", out _), got.Hooks.Count > 0);
        Assert.Equal(Number(wanted, "strength", 1), got.Strength, Close);
        Assert.Equal(Number(wanted, "mask_strength", 1), got.MaskStrength, Close);
        Assert.Equal(wanted.TryGetProperty("set_area_to_bounds", out var bounds) && bounds.GetBoolean(), got.WithinMaskBounds);
        Assert.Equal(Area(wanted), got.Area);
        Range(wanted, "start_percent", "end_percent", got.Range, what);
        Range(wanted, "clip_start_percent", "clip_end_percent", got.EncodedFor, what);
        MaybeTensors(c, got.Mask, wanted, "mask", what);
        MaybeTensors(c, got.ShownLatents, wanted, "concat_latent_image", what);
        MaybeTensors(c, got.ShownMask, wanted, "concat_mask", what);
        string[] known =
        [
            "tokens", "hooks", "strength", "mask_strength", "set_area_to_bounds", "area", "start_percent", "end_percent",
            "clip_start_percent", "clip_end_percent", "mask", "concat_latent_image", "concat_mask",
        ];
        Assert.Empty(wanted.EnumerateObject().Select(field => field.Name).Except(known));
    }

    static double Number(JsonElement wanted, string name, double usual) => wanted.TryGetProperty(name, out var value) ? value.GetDouble() : usual;

    static ConditionArea? Area(JsonElement wanted)
    {
        if (!wanted.TryGetProperty("area", out var area)) return null;
        bool isShare = area[0].ValueKind == JsonValueKind.String;
        double[] numbers = [.. area.EnumerateArray().Skip(isShare ? 1 : 0).Select(number => number.GetDouble())];
        return new(numbers[0], numbers[1], numbers[2], numbers[3], isShare);
    }

    static void Range(JsonElement wanted, string start, string end, WayShare? got, string what)
    {
        Assert.Equal(wanted.TryGetProperty(start, out _), got is not null);
        if (got is not { } range) return;
        Assert.True(Math.Abs(wanted.GetProperty(start).GetDouble() - range.Start) < Close, $"{what}: {start}");
        Assert.True(Math.Abs(wanted.GetProperty(end).GetDouble() - range.End) < Close, $"{what}: {end}");
    }

    static void MaybeTensors(GoldenCase c, Tensor? got, JsonElement wanted, string name, string what)
    {
        Assert.Equal(wanted.TryGetProperty(name, out _), got is not null);
        if (got is not null) Tensors(c, got, wanted, name, what);
    }

    static void Tensors(GoldenCase c, Tensor got, JsonElement wanted, string name, string what) =>
        ComfyUiTensors.AssertClose(c, got, wanted.GetProperty(name).GetString()!, "conditioning", $"{what}, {name}");
}
