namespace Lowrank.Adapters;

/// <summary>A block in which each row of a batch has its own adapter.</summary>
sealed class RowPlans : IDisposable
{
    readonly List<(AdaptedLayer Host, RowPlan Plan)> open = [];
    readonly List<RowIndex> indices = [];

    public RowPlans(IReadOnlyList<AdaptedLayer> hosts, IReadOnlyList<Attachment?> rows)
    {
        if (rows.Count == 0)
            throw new LowrankException("no row was given an adapter; name one for each row of the batch, null for the base");
        if (hosts.Any(host => host.IsMerged))
            throw new LowrankException("the model is merged, so that no row can be without its adapters; unmerge it first");
        var users = rows.Index().Where(row => row.Item is not null).GroupBy(row => row.Item!, row => (long)row.Index).ToList();
        foreach (var user in users)
            if (!hosts.Any(host => user.Key.At(host) is not null))
            {
                string named = $"{user.Key.Adapter.Name}, named for row {user.First()},";
                throw new LowrankException($"{named} is not attached to this model; attach it first");
            }
        var shares = users.ConvertAll(user => (Attachment: user.Key, Rows: new RowIndex([.. user])));
        indices.AddRange(shares.Select(share => share.Rows));
        foreach (var host in hosts)
        {
            List<(AdaptedLayer.Entry, RowIndex)> own = [];
            foreach (var (attachment, rowsOfOne) in shares)
                if (attachment.At(host) is { } entry) own.Add((entry, rowsOfOne));
            var plan = new RowPlan(host.Entries[0].Reparameterization.Target, rows.Count, own);
            host.Open(plan);
            open.Add((host, plan));
        }
    }

    public void Dispose()
    {
        foreach (var (host, plan) in open) host.Close(plan);
        open.Clear();
        indices.ForEach(rows => rows.Dispose());
        indices.Clear();
    }
}
