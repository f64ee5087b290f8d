using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Workbench;

/// <summary>An adapter that a prompt calls: <c>&lt;lora:name:te:unet:dyn&gt;</c>, its arguments by place or by name.</summary>
/// <param name="Name">The file's name, or what its maker called it.</param>
/// <param name="TextEncoder">Strength in the text encoders.</param>
/// <param name="UNet">Strength in the denoising network.</param>
/// <param name="Rank">The rank that it is cut to; null leaves it.</param>
sealed partial record WebUiTag(string Name, double TextEncoder, double UNet, int? Rank)
{
    /// <summary>A prompt without its tags, and the tags that are adapters.</summary>
    /// <exception cref="FormatException">A number cannot be read.</exception>
    public static string Take(string prompt, ICollection<WebUiTag> tags)
    {
        foreach (Match match in Tag().Matches(prompt))
            if (match.Groups[1].Value is "lora" or "lyco") tags.Add(Read(match.Groups[2].Value.Split(':')));
        return Without(prompt);
    }

    /// <summary>A prompt without its tags.</summary>
    public static string Without(string prompt) => Tag().Replace(prompt, "");

    static WebUiTag Read(string[] arguments)
    {
        var named = arguments.Where(one => one.Contains('=', StringComparison.Ordinal)).Select(one => one.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        string[] placed = [.. arguments.Where(one => !one.Contains('=', StringComparison.Ordinal))];
        double encoder = Number(named.GetValueOrDefault("te") ?? placed.ElementAtOrDefault(1) ?? "1");
        double unet = named.TryGetValue("unet", out var own) ? Number(own) : placed.Length > 2 ? Number(placed[2]) : encoder;
        string? rank = named.GetValueOrDefault("dyn") ?? placed.ElementAtOrDefault(3);
        return new(placed[0], encoder, unet, rank is null ? null : int.Parse(rank, CultureInfo.InvariantCulture));
    }

    static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<(\w+):([^>]+)>")]
    private static partial Regex Tag();
}
