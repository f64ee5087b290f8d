using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Reads the values of an axis.</summary>
/// <remarks>
/// Values stand between commas; those that hold a comma, within quotes. Numbers come in ranges too: "1-5", "1-10 (+2)" by steps of 2,
/// "1-10 [5]" as 5 numbers from 1 to 10. Ranges of whole numbers keep within their end; others go to the first value at or past it.
/// Source: AUTOMATIC1111, scripts/xyz_grid.py, process_axis, at 1.10.1.
/// </remarks>
public static partial class GridValues
{
    // Beyond this a range is a slip of the pen.
    const int MostInRange = 100_000;

    /// <summary>The texts between commas, without blanks around them.</summary>
    public static IReadOnlyList<string> Split(string text) => [.. CsvRows.Read(text).SelectMany(row => row).Select(value => value.Trim())];

    /// <summary>Texts as <see cref="Split"/> reads them: those with commas, quotes or line breaks within quotes.</summary>
    public static string Join(IEnumerable<string> values) => string.Join(", ", values.Select(Quoted));

    static string Quoted(string value)
    {
        bool isPlain = value.Length > 0 && value.AsSpan().IndexOfAny(",\"\r\n") < 0;
        return isPlain ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>All values of a text, in order; none if it is empty, or its ranges are.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">What they are.</param>
    /// <exception cref="LowrankException">One is no number, or a range has no step.</exception>
    public static IReadOnlyList<GridValue> Read(string text, GridValueKind kind)
    {
        var texts = Split(text);
        return kind switch
        {
            GridValueKind.Whole => [.. texts.Where(value => value.Length > 0).SelectMany(Wholes).Select(GridValue.Of)],
            GridValueKind.Number => [.. texts.Where(value => value.Length > 0).SelectMany(Numbers).Select(GridValue.Of)],
            GridValueKind.Order => [.. Orders(Countable(texts)).Select(GridValue.Of)],
            _ => [.. texts.Select(value => new GridValue(value))],
        };
    }

    /// <summary>Those of the texts that hold no value at all, each with the reason: "5-1" counts up, and 5 is above 1.</summary>
    public static IReadOnlyList<string> Empty(string text, GridValueKind kind)
    {
        if (kind is not (GridValueKind.Whole or GridValueKind.Number)) return [];
        return
        [
            .. Split(text).Where(value => value.Length > 0 && Read($"\"{value}\"", kind).Count == 0)
                .Select(value => $"\"{value}\" holds no value: upward it does not come to its end. Give a step, as in 5-1 (-1)"),
        ];
    }

    static IEnumerable<long> Wholes(string text)
    {
        if (WholeRange().Match(text) is { Success: true } steps)
        {
            long step = steps.Groups[3].Success ? Whole(steps.Groups[3].Value) : 1;
            return WholeSteps(Whole(steps.Groups[1].Value), Whole(steps.Groups[2].Value) + 1, step, text);
        }
        if (WholeCount().Match(text) is { Success: true } count)
            return Spread(Whole(count.Groups[1].Value), Whole(count.Groups[2].Value), Whole(count.Groups[3].Value), text)
                .Select(number => (long)number);
        return [Whole(text)];
    }

    static IEnumerable<double> Numbers(string text)
    {
        if (NumberRange().Match(text) is { Success: true } steps)
        {
            double step = steps.Groups[3].Success ? Number(steps.Groups[3].Value) : 1;
            return NumberSteps(Number(steps.Groups[1].Value), Number(steps.Groups[2].Value), step, text);
        }
        if (NumberCount().Match(text) is { Success: true } count)
            return Spread(Number(count.Groups[1].Value), Number(count.Groups[2].Value), Whole(count.Groups[3].Value), text);
        return [Number(text)];
    }

    // The end is left out, going down too.
    static List<long> WholeSteps(long start, long end, long step, string text)
    {
        CheckRange(step == 0 ? double.NaN : ((double)end - start) / step, text);
        var values = new List<long>();
        for (long value = start; step > 0 ? value < end : value > end; value += step) values.Add(value);
        return values;
    }

    // As many as fit between the start and one step past the end, which is left out; numpy takes the step anew from the first two.
    static List<double> NumberSteps(double start, double end, double step, string text)
    {
        double exact = (end + step - start) / step;
        CheckRange(step == 0 ? double.NaN : exact, text);
        double between = start + step - start;
        return [.. Enumerable.Range(0, (int)Math.Max(Math.Ceiling(exact), 0)).Select(i => start + i * between)];
    }

    // So many numbers, evenly, both ends among them.
    static List<double> Spread(double start, double end, long count, string text)
    {
        CheckRange(count, text);
        if (count == 1) return [start];
        double step = (end - start) / (count - 1);
        return [.. Enumerable.Range(0, (int)count).Select(i => i == count - 1 ? end : i * step + start)];
    }

    static void CheckRange(double count, string text)
    {
        if (double.IsNaN(count)) throw new LowrankException($"\"{text}\" has steps of 0; give another step.");
        if (count > MostInRange) throw new LowrankException($"\"{text}\" holds more than {MostInRange} values; give a larger step.");
    }

    // Every further word multiplies the orders by their number.
    static IReadOnlyList<string> Countable(IReadOnlyList<string> words)
    {
        double orders = Enumerable.Range(1, words.Count).Aggregate(1.0, (all, count) => all * count);
        if (orders <= MostInRange) return words;
        throw new LowrankException(
            $"{words.Count} words have {PlainValue.Text(orders)} orders, and {MostInRange} are the most. Give fewer words.");
    }

    static IEnumerable<IReadOnlyList<string>> Orders(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return [[]];
        return words.SelectMany((first, i) =>
            Orders([.. words.Take(i), .. words.Skip(i + 1)]).Select(rest => (IReadOnlyList<string>)[first, .. rest]));
    }

    static long Whole(string text) => long.TryParse(Bare(text), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value)
        ? value
        : throw new LowrankException($"{PlainValue.Misread("a value", text, "whole number")}, and no range as 1-5, 1-10 (+2) or 1-10 [5].");

    static double Number(string text) => PlainValue.ReadNumber(Bare(text))
        ?? throw new LowrankException($"{PlainValue.Misread("a value", text, "number")}, and no range as 1-2, 1-2 (+0.5) or 1-2 [5].");

    // Python's numbers may be parted by lines: 1_000.
    static string Bare(string text) => text.Replace("_", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*([+-]?\d+)\s*-\s*([+-]?\d+)(?:\s*\(([+-]\d+)\s*\))?\s*$")]
    private static partial Regex WholeRange();

    [GeneratedRegex(@"^\s*([+-]?\d+)\s*-\s*([+-]?\d+)\s*\[(\d+)\s*]\s*$")]
    private static partial Regex WholeCount();

    const string Plain = @"([+-]?\d+(?:\.\d*)?)";

    [GeneratedRegex(@"^\s*" + Plain + @"\s*-\s*" + Plain + @"(?:\s*\(([+-]\d+(?:\.\d*)?)\s*\))?\s*$")]
    private static partial Regex NumberRange();

    [GeneratedRegex(@"^\s*" + Plain + @"\s*-\s*" + Plain + @"\s*\[(\d+)\s*]\s*$")]
    private static partial Regex NumberCount();
}
