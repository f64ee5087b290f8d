using System.Globalization;
using System.Text.Json.Nodes;

namespace Lowrank.Diffusion;

/// <summary>Changes of a web UI's request, each of which makes a new one.</summary>
/// <remarks>Source: AUTOMATIC1111, scripts/xyz_grid.py, the functions apply_*, at 1.10.1.</remarks>
static class WebUiJob
{
    /// <summary>Seeds that are drawn lie below it.</summary>
    public const long Seeds = 4294967294;

    const string Settings = "override_settings";

    public static JsonObject With(JsonObject job, string field, JsonNode? value)
    {
        var changed = job.DeepClone().AsObject();
        changed[field] = value;
        return changed;
    }

    public static JsonObject WithSetting(JsonObject job, string setting, JsonNode? value)
    {
        var settings = job[Settings] is JsonObject old ? old.DeepClone().AsObject() : [];
        settings[setting] = value;
        return With(job, Settings, settings);
    }

    public static JsonNode? Node(GridValue value, GridValueKind kind) => kind switch
    {
        GridValueKind.Whole => value.Whole,
        GridValueKind.Number => value.Number,
        _ => value.Text,
    };

    public static long Long(JsonObject job, string field, long otherwise) => job[field]?.GetValue<long>() ?? otherwise;

    public static int Whole(JsonObject job, string field, int otherwise) => (int)Long(job, field, otherwise);

    public static string Text(JsonObject job, string field) => job[field]?.GetValue<string>() ?? "";

    public static JsonObject Replaced(JsonObject job, GridValue value, IReadOnlyList<GridValue> all)
    {
        var (prompt, negative) = PromptSearch.Replace(Text(job, "prompt"), Text(job, "negative_prompt"), all[0].Text, value.Text);
        return With(With(job, "prompt", prompt), "negative_prompt", negative);
    }

    public static JsonObject Reordered(JsonObject job, GridValue value, IReadOnlyList<GridValue> all) =>
        With(job, "prompt", PromptSearch.Reorder(Text(job, "prompt"), value.Words));

    public static JsonObject Styled(JsonObject job, GridValue value, IReadOnlyList<GridValue> all)
    {
        var styles = job["styles"] is JsonArray old ? old.DeepClone().AsArray() : [];
        foreach (string style in value.Text.Split(',')) styles.Add(style);
        return With(job, "styles", styles);
    }

    // No higher than the steps allow.
    public static JsonObject Ordered(JsonObject job, GridValue value, IReadOnlyList<GridValue> all) =>
        WithSetting(job, "uni_pc_order", Math.Min(value.Whole, Long(job, "steps", 50) - 1));

    public static JsonObject FaceRestored(JsonObject job, GridValue value, IReadOnlyList<GridValue> all)
    {
        string word = value.Text.ToLowerInvariant();
        string? model = word switch { "codeformer" => "CodeFormer", "gfpgan" => "GFPGAN", _ => null };
        if (model is not null) job = With(job, "face_restoration_model", model);
        return With(job, "restore_faces", model is not null || word is "true" or "yes" or "y" or "1");
    }

    // What is no size leaves the request's own, as the web UI does.
    public static JsonObject Sized(JsonObject job, GridValue value, IReadOnlyList<GridValue> all)
    {
        int at = value.Text.IndexOf('x', StringComparison.Ordinal);
        bool isSize = at > 0 & TryWhole(value.Text[..Math.Max(at, 0)], out int width) & TryWhole(value.Text[(at + 1)..], out int height);
        return isSize ? With(With(job, "width", width), "height", height) : job;
    }

    static bool TryWhole(string text, out int whole) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out whole);
}
