namespace Lowrank.Language;

/// <summary>The least edits from a hypothesis to a reference near the diagonal, and which word stands for which, as sacreBLEU's TER finds
/// them.</summary>
sealed class TercomEdits
{
    // How far from the diagonal edits are looked for, in words.
    const int Beam = 25;

    const int Infinite = int.MaxValue / 2;

    enum Step : byte { Unknown, Same, Exchange, Insert, Delete }

    readonly string[] words, reference;
    readonly int[,] costs;
    readonly Step[,] steps;

    internal TercomEdits(string[] words, string[] reference)
    {
        (this.words, this.reference) = (words, reference);
        costs = new int[words.Length + 1, reference.Length + 1];
        steps = new Step[words.Length + 1, reference.Length + 1];
        Fill();
        Trace();
    }

    internal int Count => costs[words.Length, reference.Length];

    /// <summary>For each word of the reference the place in the hypothesis where it stands, or behind which it is missing (−1: before
    /// all).</summary>
    internal List<int> PlaceOf { get; } = [];

    /// <summary>Whether each word of the reference was edited.</summary>
    internal List<bool> ReferenceEdited { get; } = [];

    /// <summary>Whether each word of the hypothesis was edited.</summary>
    internal List<bool> HypothesisEdited { get; } = [];

    void Fill()
    {
        for (int i = 0; i <= words.Length; i++)
            for (int j = 0; j <= reference.Length; j++) costs[i, j] = Infinite;
        for (int j = 0; j <= reference.Length; j++) (costs[0, j], steps[0, j]) = (j, Step.Insert);
        double ratio = words.Length > 0 ? (double)reference.Length / words.Length : 1;
        int beam = Beam < ratio / 2 ? (int)Math.Ceiling(ratio / 2 + Beam) : Beam;
        for (int i = 1; i <= words.Length; i++)
        {
            int diagonal = (int)Math.Floor(i * ratio);
            int end = i == words.Length ? reference.Length + 1 : Math.Min(reference.Length + 1, diagonal + beam);
            for (int j = Math.Max(0, diagonal - beam); j < end; j++) FillOne(i, j);
        }
    }

    // A word that stays or is exchanged comes before one that goes, and that before one that is put in.
    void FillOne(int i, int j)
    {
        if (j > 0)
        {
            bool isSame = words[i - 1] == reference[j - 1];
            Improve(i, j, costs[i - 1, j - 1] + (isSame ? 0 : 1), isSame ? Step.Same : Step.Exchange);
        }
        Improve(i, j, costs[i - 1, j] + 1, Step.Delete);
        if (j > 0) Improve(i, j, costs[i, j - 1] + 1, Step.Insert);
    }

    void Improve(int i, int j, int cost, Step step)
    {
        if (cost < costs[i, j]) (costs[i, j], steps[i, j]) = (cost, step);
    }

    void Trace()
    {
        var trace = new Stack<Step>();
        for (int i = words.Length, j = reference.Length; i > 0 || j > 0;)
        {
            var step = steps[i, j];
            trace.Push(step);
            if (step != Step.Insert) i--;
            if (step != Step.Delete) j--;
        }
        int place = -1;
        foreach (var step in trace)
        {
            if (step != Step.Insert)
            {
                place++;
                HypothesisEdited.Add(step != Step.Same);
            }
            if (step == Step.Delete) continue;
            PlaceOf.Add(place);
            ReferenceEdited.Add(step != Step.Same);
        }
    }
}
