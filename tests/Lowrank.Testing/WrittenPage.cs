using System.Runtime.CompilerServices;

namespace Lowrank.Testing;

/// <summary>A stretch of a page between two marks, which a test writes.</summary>
public static class WrittenPage
{
    /// <summary>Fails where the page does not say <paramref name="wanted"/> between its marks; with LOWRANK_ACCEPT_DOCS=1 it is written there.</summary>
    public static void Check(string page, string what, string wanted, [CallerMemberName] string test = "")
    {
        string start = $"<!-- {what}: written by a test -->", end = $"<!-- end of {what} -->";
        string path = Path.Combine(GoldenFolder.Repository, page), text = File.ReadAllText(path);
        int from = text.IndexOf(start, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to <= from) throw new InvalidOperationException($"{page} has no \"{start}\" ... \"{end}\"");
        wanted = start + "\n" + wanted + end;
        if (text[from..(to + end.Length)] == wanted) return;
        if (Environment.GetEnvironmentVariable("LOWRANK_ACCEPT_DOCS") == "1") File.WriteAllText(path, text[..from] + wanted + text[(to + end.Length)..]);
        else throw new InvalidOperationException($"{page} does not tell the {what} that there are. LOWRANK_ACCEPT_DOCS=1 ./test {test} writes it:\n{wanted}");
    }
}
