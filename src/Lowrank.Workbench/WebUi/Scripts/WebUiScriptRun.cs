using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Workbench;

/// <summary>What a script draws, and how.</summary>
/// <param name="Body">The body of the request, without the script.</param>
/// <param name="ChangesPictures">Whether it is img2img's.</param>
/// <param name="Files">Models that it may name.</param>
/// <param name="Draw">Draws a body.</param>
sealed record WebUiScriptRun(JsonObject Body, bool ChangesPictures, WebUiFiles Files, Func<JsonObject, WebUiAnswer> Draw)
{
    /// <summary>The same with seeds in place of those that are left to chance.</summary>
    public WebUiScriptRun WithSeeds()
    {
        var body = Body.DeepClone().AsObject();
        foreach (string field in (string[])["seed", "subseed"]) body[field] = WebUiSeeds.Given(SeedOf(body, field));
        return this with { Body = body };
    }

    /// <summary>A seed of a body; −1 is left to chance.</summary>
    public static long SeedOf(JsonObject body, string field = "seed") => Whole(body, field, -1);

    /// <summary>A whole number of a body.</summary>
    /// <exception cref="LowrankException">The field holds something else.</exception>
    public static long Whole(JsonObject body, string field, long usual)
    {
        if (body[field] is not { } value) return usual;
        // By way of JSON: a node that was made of an int gives no long.
        bool isNumber = value.GetValueKind() == JsonValueKind.Number;
        return isNumber && value.Deserialize<JsonElement>().TryGetInt64(out long whole)
            ? whole : throw new LowrankException(PlainValue.Misread(field, value.ToString(), "whole number"));
    }
}
