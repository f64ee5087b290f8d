using System.Globalization;
using System.Net;

namespace Lowrank.Workbench;

/// <summary>Renders a <see cref="LanguageDemoReport"/> as one HTML file that loads nothing from outside.</summary>
static class LanguageDemoPage
{
    /// <summary>Stands in every page: the demo knows its own earlier output by it.</summary>
    public const string Mark = """<meta name="generator" content="lowrank language demo">""";

    const string Introduction = "A small language model learnt to put facts about restaurants into a sentence or two. " +
        "None of the facts below stood in what it learnt.";

    const string OnLosses = "Every step, and the running mean: how badly the words that people wrote were foretold.";

    const string OnMarks = "Marked: words that stand neither in the facts nor in any of people's texts about them, and that are no usual " +
        "words of such texts, or are the fact of another place.";

    static readonly Lazy<string> style = new(() => DemoPage.ReadStyle("LanguageDemoPage.css"));

    /// <summary>The page that stands there until the demo is finished.</summary>
    public static string Begun => Whole("Lowrank language demo: not finished",
        "<p>The demo is at work, or was stopped: called again with the same folder, it begins anew.</p>");

    /// <summary>The page.</summary>
    public static string Html(LanguageDemoReport report) => Whole("Lowrank language demo: facts into words", $$"""
        <h1>Facts put into words: before and after</h1>
        <p>{{Introduction}}</p>
        <table class="texts">
        <tr><th>facts</th><th>people</th><th>base</th><th>with the adapter</th></tr>
        {{Lines(report.Rows, Row)}}
        </table>
        <p class="soft">{{OnMarks}}</p>
        <h2>In figures, over {{report.Asked}} unseen representations</h2>
        <table>
        <tr><th></th><th>base</th><th>with the adapter</th></tr>
        {{Lines(report.Measures, Measure)}}
        <tr><td>texts with a marked word</td><td>{{report.Inventing.Base}}</td><td>{{report.Inventing.Adapter}}</td></tr>
        </table>
        <h2>Loss</h2>
        <figure>
        {{LossCurve.Svg(report.Losses)}}
        <figcaption>{{OnLosses}}</figcaption>
        </figure>
        <h2>Try next</h2>
        {{Lines(report.Commands, one => $"<pre>{Text(one.Command)}</pre><p class=\"soft\">{Text(one.Meaning)}</p>")}}
        <h2>Settings</h2>
        <table>
        {{Lines(report.Settings, one => Fact(one.Name, one.Value))}}
        </table>
        <h2>Times</h2>
        <table>
        {{Lines(report.Times, one => Fact(one.Phase, Quantity.Duration(one.Took)))}}
        </table>
        """);

    static string Whole(string title, string body) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        {{Mark}}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{title}}</title>
        <style>
        {{DemoPage.Style}}
        {{style.Value}}
        </style>
        </head>
        <body>
        {{body}}
        </body>
        </html>

        """;

    static string Row(DemoText row) =>
        $"<tr><td>{Text(row.Facts)}</td><td>{Text(row.Human)}</td><td>{Marked(row.Base)}</td><td>{Marked(row.Adapter)}</td></tr>";

    static string Marked(IReadOnlyList<(string Text, bool IsInvented)> pieces) =>
        string.Concat(pieces.Select(piece => piece.IsInvented ? $"<mark>{Text(piece.Text)}</mark>" : Text(piece.Text)));

    static string Measure((string Name, double Base, double Adapter) one) =>
        $"<tr><td>{Text(one.Name)}</td><td>{Number(one.Base)}</td><td>{Number(one.Adapter)}</td></tr>";

    static string Fact(string name, string value) => $"<tr><td>{Text(name)}</td><td>{Text(value)}</td></tr>";

    static string Lines<T>(IEnumerable<T> all, Func<T, string> line) => string.Join('\n', all.Select(line));

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
