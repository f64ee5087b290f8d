using System.Buffers;

namespace Lowrank.Language;

/// <summary>Words with numbers, found where a text begins with one of them.</summary>
sealed class WordTrie
{
    readonly PairTable edges;
    readonly List<int> numbers = [-1];
    readonly SearchValues<char> firsts;

    /// <summary>A trie of some words, none empty; of two that are the same the first counts.</summary>
    public WordTrie(IReadOnlyCollection<(string Word, int Number)> words)
    {
        edges = new PairTable(words.Sum(word => word.Word.Length));
        foreach (var (word, number) in words) Add(word, number);
        firsts = SearchValues.Create([.. words.Where(word => word.Word.Length > 0).Select(word => word.Word[0]).Distinct()]);
    }

    /// <summary>Whether it holds no word.</summary>
    public bool IsEmpty => numbers.Count == 1;

    void Add(string word, int number)
    {
        if (word.Length == 0) return;
        int node = 0;
        foreach (char c in word)
        {
            int next = Next(node, c);
            if (next < 0)
            {
                next = numbers.Count;
                numbers.Add(-1);
                edges.Set(node, c, next);
            }
            node = next;
        }
        if (numbers[node] < 0) numbers[node] = number;
    }

    /// <summary>The node after a unit, or −1; the root is 0.</summary>
    public int Next(int node, char unit) => edges.Find(node, unit, out long next) ? (int)next : -1;

    /// <summary>The number of the word that ends at a node, or −1.</summary>
    public int NumberAt(int node) => numbers[node];

    /// <summary>The first place from a start on at which a word may begin, or −1.</summary>
    public int FirstPlace(string text, int start)
    {
        int found = text.AsSpan(start).IndexOfAny(firsts);
        return found < 0 ? -1 : start + found;
    }

    /// <summary>The longest word that a text begins with.</summary>
    /// <returns>Its length, or 0.</returns>
    public int Longest(ReadOnlySpan<char> text, out int number)
    {
        number = -1;
        int length = 0, node = 0;
        for (int i = 0; i < text.Length; i++)
        {
            node = Next(node, text[i]);
            if (node < 0) break;
            if (numbers[node] >= 0) (length, number) = (i + 1, numbers[node]);
        }
        return length;
    }
}
