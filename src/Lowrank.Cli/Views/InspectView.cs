using System.Globalization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what <c>lowrank inspect</c> found.</summary>
static class InspectView
{
    public static void Write(FileFacts facts, IAnsiConsole console)
    {
        var list = new FactList();
        list.Add("file", facts.Path);
        list.Add("container", facts.Container);
        list.Add("tensors", $"{facts.Tensors}, {Quantity.Count(facts.Parameters)} parameters, {Quantity.Bytes(facts.Bytes)}");
        list.Add("dtypes", string.Join(", ", facts.Dtypes.Select(d => $"{d.Key} ({d.Value})")));
        list.Write(console);

        if (facts.Metadata.Count > 0)
        {
            console.WriteLine();
            console.WriteLine("Metadata");
            var metadata = new FactList();
            foreach (var (name, value) in facts.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) metadata.Add(name, value);
            metadata.Write(console);
        }
        if (facts.Keys is null) return;
        console.WriteLine();
        var table = Terminal.Table("tensor", "dtype", "shape");
        foreach (var key in facts.Keys)
            table.AddRow(new Text(key.Name), new Text(key.Dtype), new Text($"({string.Join(", ", key.Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)))})"));
        console.Write(table);
    }
}
