using System.Globalization;
using System.Net;

namespace Lowrank.Workbench;

/// <summary>Renders a <see cref="DemoReport"/> as one HTML file that loads nothing from outside.</summary>
static class DemoPage
{
    /// <summary>Stands in every page: the demo knows its own earlier output by it.</summary>
    public const string Mark = """<meta name="generator" content="lowrank demo">""";

    const string Introduction = "An adapter was trained on forty black-and-white drawings. " +
        "The prompts below are not among them: only the base model knew these things, in colour.";

    const string OnLosses = "Every step, and the running mean. The loss of a diffusion model is noisy, " +
        "because each step draws its noise levels anew; the pictures tell more.";

    static readonly Lazy<string> style = new(() => ReadStyle("DemoPage.css"));

    /// <summary>How pages of demos look.</summary>
    public static string Style => style.Value;

    /// <summary>The page that stands there until the demo is finished.</summary>
    public static string Begun => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        {{Mark}}
        <title>Lowrank demo: not finished</title>
        </head>
        <body>
        <p>The demo is at work, or was stopped: called again with the same folder, it begins anew.</p>
        </body>
        </html>

        """;

    /// <summary>The page.</summary>
    public static string Html(DemoReport report) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        {{Mark}}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Lowrank demo: what forty pictures taught</title>
        <style>
        {{Style}}
        </style>
        </head>
        <body>
        <h1>What forty ink drawings taught</h1>
        <p>{{Introduction}}</p>
        <figure>
        {{Picture(report)}}
        <figcaption>{{Text(report.GridCaption)}}</figcaption>
        </figure>
        <h2>In a figure</h2>
        <p><span class="figure">{{Percent(report.ColourfulnessDrop)}}</span> less colourful than the base</p>
        <p class="soft">{{Colourfulness(report)}}</p>
        <h2>Loss</h2>
        <figure>
        {{LossCurve.Svg(report.Losses)}}
        <figcaption>{{OnLosses}}</figcaption>
        </figure>
        <h2>Try next</h2>
        {{string.Join('\n', report.Commands.Select(c => $"<pre>{Text(c.Command)}</pre><p class=\"soft\">{Text(c.Meaning)}</p>"))}}
        <h2>Settings</h2>
        <table>
        {{Rows(report.Settings)}}
        </table>
        <h2>Times</h2>
        <table>
        {{Rows(report.Times.Select(t => (t.Phase, Seconds(t.Took))))}}
        </table>
        </body>
        </html>

        """;

    static string Picture(DemoReport report) =>
        $"""<img alt="{Text(report.GridCaption)}" src="data:image/png;base64,{Convert.ToBase64String(report.Grid)}">""";

    static string Colourfulness(DemoReport report) =>
        "Mean colourfulness (Hasler and S&uuml;sstrunk, 2003) over all prompts: " +
        $"{Number(report.ColourfulnessBase)} for the base, {Number(report.ColourfulnessAdapter)} at strength 1.";

    static string Rows(IEnumerable<(string Name, string Value)> rows) =>
        string.Join('\n', rows.Select(row => $"<tr><td>{Text(row.Name)}</td><td>{Text(row.Value)}</td></tr>"));

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    /// <summary>Rules of style that lie in the program.</summary>
    public static string ReadStyle(string name)
    {
        using var stream = typeof(DemoPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
