using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lowrank.Cli;

/// <summary>
/// A table as all commands draw it: ruled on a terminal, bare columns when piped. Where a terminal is too narrow for its columns, each row
/// is written as lines of a name and a value, so that nothing of it is cut.
/// </summary>
/// <param name="columns">What the columns are called.</param>
sealed class ResultTable(params string[] columns)
{
    // What a ruled column takes beside its text: a line and a space on either side.
    const int Ruled = 3;

    readonly List<Cell[]> rows = [];

    /// <summary>Adds a row, a cell for each column.</summary>
    public void AddRow(params IEnumerable<Cell> cells) => rows.Add([.. cells]);

    /// <summary>Writes it on a terminal, or for a program that reads it.</summary>
    public void Write(IAnsiConsole console) => Write(console, isRuled: !Console.IsOutputRedirected);

    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="isRuled">Whether it is ruled, and held within the console's width.</param>
    internal void Write(IAnsiConsole console, bool isRuled)
    {
        if (isRuled && Width > console.Profile.Width) WriteRows(console);
        else console.Write(Drawn(isRuled ? TableBorder.Rounded : TableBorder.None));
    }

    int Width => 1 + columns.Index().Sum(column => Ruled + rows.Select(row => row[column.Index].Text).Append(column.Item).Max(LengthOf));

    // In cells: a Chinese character takes two.
    static int LengthOf(string text) => text.Split('\n').Max(line => new Segment(line).CellCount());

    Table Drawn(TableBorder border)
    {
        var table = new Table { Border = border };
        foreach (string column in columns) table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell.Text) { Justification = cell.IsRight ? Justify.Right : null }));
        return table;
    }

    // A row without a beginning goes on with the one before.
    void WriteRows(IAnsiConsole console)
    {
        bool isFirst = true;
        foreach (var row in rows)
        {
            if (!isFirst && row[0].Text.Length > 0) console.WriteLine();
            isFirst = false;
            var facts = new FactList();
            foreach (var (cell, column) in row.Zip(columns))
                if (cell.Text.Length > 0) facts.Add(column, cell.Text);
            facts.Write(console);
        }
    }
}
