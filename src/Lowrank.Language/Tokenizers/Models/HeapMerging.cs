namespace Lowrank.Language;

/// <summary>Merges a long row of tokens, its candidates in a heap: a whole text can be one piece.</summary>
static class HeapMerging
{
    readonly record struct Candidate(int Left, int LeftId, int RightId, int Made);

    /// <summary>Merges the tokens of a list from a place on.</summary>
    public static void Merge(List<PieceToken> tokens, int start, MergeTable merges)
    {
        int count = tokens.Count - start;
        var row = new LinkedRow(count);
        var heap = new PriorityQueue<Candidate, long>(count);
        for (int i = 0; i + 1 < count; i++) Offer(i);
        while (heap.TryDequeue(out var candidate, out _))
        {
            int left = candidate.Left, right = row.Next(left);
            bool isStale = right < 0 || row.IsGone(left)
                || tokens[start + left].Id != candidate.LeftId || tokens[start + right].Id != candidate.RightId;
            if (isStale) continue;
            tokens[start + left] = new PieceToken(candidate.Made, tokens[start + left].Start, tokens[start + right].End);
            row.Remove(right);
            if (row.Previous(left) is >= 0 and var before) Offer(before);
            Offer(left);
        }
        int kept = start;
        for (int i = 0; i >= 0; i = row.Next(i)) tokens[kept++] = tokens[start + i];
        tokens.RemoveRange(kept, tokens.Count - kept);

        void Offer(int left)
        {
            int right = row.Next(left);
            if (right < 0) return;
            var (leftId, rightId) = (tokens[start + left].Id, tokens[start + right].Id);
            if (merges.Find(leftId, rightId, out int rank, out int made))
                heap.Enqueue(new Candidate(left, leftId, rightId, made), (long)rank << 32 | (uint)left);
        }
    }
}
