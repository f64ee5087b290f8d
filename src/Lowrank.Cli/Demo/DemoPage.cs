using System.Globalization;
using System.Net;

namespace Lowrank.Cli;

/// <summary>Renders a <see cref="DemoReport"/> as one HTML file that loads nothing from outside.</summary>
static class DemoPage
{
    /// <summary>Stands in every page: the demo knows its own earlier output by it.</summary>
    public const string Mark = """<meta name="generator" content="lowrank demo">""";

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
        :root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --soft: #6b6b70; --line: #e3e3e6; --accent: #2a6fdb; }
        @media (prefers-color-scheme: dark) { :root { --ink: #ececee; --paper: #17171a; --soft: #9a9aa1; --line: #34343a; --accent: #7eacf5; } }
        body { max-width: 760px; margin: 3rem auto; padding: 0 1.2rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
        h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin-top: 2.6rem; }
        figure { margin: 1.5rem 0; } img { display: block; margin: auto; max-width: 100%; height: auto; } svg { width: 100%; height: auto; } figcaption, .soft { color: var(--soft); font-size: .92rem; }
        .figure { font-size: 2.2rem; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; } td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } td:first-child { color: var(--soft); }
        pre { background: color-mix(in srgb, var(--ink) 6%, transparent); padding: .7rem .9rem; border-radius: 6px; overflow-x: auto; margin: .3rem 0 .2rem; }
        svg text { fill: var(--soft); font-size: 11px; } svg .axis { stroke: var(--line); } svg polyline { fill: none; stroke: var(--accent); }
        svg .raw { stroke-width: 1; opacity: .3; } svg .mean { stroke-width: 2.2; }
        </style>
        </head>
        <body>
        <h1>What forty ink drawings taught</h1>
        <p>An adapter was trained on forty black-and-white drawings. The prompts below are not among them: only the base model knew these things, in colour.</p>
        <figure>
        <img alt="{{Text(report.GridCaption)}}" src="data:image/png;base64,{{Convert.ToBase64String(report.Grid)}}">
        <figcaption>{{Text(report.GridCaption)}}</figcaption>
        </figure>
        <h2>In a figure</h2>
        <p><span class="figure">{{Percent(report.ColourfulnessDrop)}}</span> less colourful than the base</p>
        <p class="soft">Mean colourfulness (Hasler and S&uuml;sstrunk, 2003) over all prompts: {{Number(report.ColourfulnessBase)}} for the base, {{Number(report.ColourfulnessAdapter)}} at strength 1.</p>
        <h2>Loss</h2>
        <figure>
        {{LossCurve.Svg(report.Losses)}}
        <figcaption>Every step, and the running mean. The loss of a diffusion model is noisy, because each step draws its noise levels anew; the pictures tell more.</figcaption>
        </figure>
        <h2>Try next</h2>
        {{string.Join('\n', report.Commands.Select(c => $"<pre>{Text(c.Command)}</pre><p class=\"soft\">{Text(c.Meaning)}</p>"))}}
        <h2>Settings</h2>
        <table>
        {{Rows(report.Settings)}}
        </table>
        <h2>Times</h2>
        <table>
        {{Rows(report.Times.Select(t => (t.Phase, string.Create(CultureInfo.InvariantCulture, $"{t.Took.TotalSeconds:0.0} s"))))}}
        </table>
        </body>
        </html>

        """;

    static string Rows(IEnumerable<(string Name, string Value)> rows) => string.Join('\n', rows.Select(row => $"<tr><td>{Text(row.Name)}</td><td>{Text(row.Value)}</td></tr>"));

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
