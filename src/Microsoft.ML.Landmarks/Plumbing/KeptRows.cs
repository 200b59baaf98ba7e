using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Columns of rows that were read once and stay in memory. All of the rows, or some, are a view, as often as one is asked
/// for.</summary>
internal sealed class KeptRows
{
    private readonly Column[] _columns;

    /// <param name="columns">The columns of the input that are kept: of vectors, or of values that need no disposing.</param>
    public KeptRows(IReadOnlyList<DataViewSchema.Column> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
        _columns = [.. columns.Select(column => Column.Create(column.Type.RawType))];
    }

    /// <summary>The columns that are kept, in their order, with all that the input says of them.</summary>
    public DataViewSchema Schema { get; }

    public int Count { get; private set; }

    /// <summary>Keeps the row at which the input stands, each time that it is called.</summary>
    /// <param name="input">The input.</param>
    /// <param name="columns">Those that this was made for.</param>
    public Action CreateReader(DataViewRow input, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Action[] readers = [.. _columns.Zip(columns, (kept, column) => kept.CreateReader(input, column))];
        return () =>
        {
            foreach (Action read in readers)
                read();
            Count++;
        };
    }

    /// <summary>Rows in any order. A cursor that is opened while rows are still added comes to them too where all are asked for.</summary>
    /// <param name="rows">Their numbers from 0; null for all.</param>
    public IDataView ToView(int[]? rows = null) => new View(this, rows);

    private sealed class View(KeptRows kept, int[]? rows) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => kept.Schema;

        public long? GetRowCount() => rows?.Length ?? kept.Count;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            ArgumentNullException.ThrowIfNull(columnsNeeded);
            return new Cursor(kept, rows, columnsNeeded);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
            => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(KeptRows kept, int[]? rows, IEnumerable<DataViewSchema.Column> columns) : DataViewRowCursor
    {
        private readonly ActiveColumns _active = new(kept.Schema, columns);
        private int _next, _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => kept.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

        public override bool MoveNext()
        {
            bool moves = _next < (rows?.Length ?? kept.Count);
            _position = moves ? _next++ : -1;
            return moves;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Check(_position), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _active.Check(column);
            var get = kept._columns[column.Index].Getter as SlotGetter<TValue>
                ?? throw Errors.GetterType(column.Name, column.Type, typeof(TValue));
            return (ref TValue value) =>
            {
                int place = Check(_position);
                get(rows?[place] ?? place, ref value);
            };
        }

        private static int Check(int position) => position < 0 ? throw Errors.NoCurrentRow() : position;
    }

    private abstract class Column
    {
        public static Column Create(Type type) => (Column)Activator.CreateInstance(
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(VectorColumn<>).MakeGenericType(type.GetGenericArguments()) : typeof(ValueColumn<>).MakeGenericType(type))!;

        /// <summary>A <see cref="SlotGetter{T}"/> of the column's raw type.</summary>
        public abstract Delegate Getter { get; }

        public abstract Action CreateReader(DataViewRow input, DataViewSchema.Column column);
    }

    private sealed class ValueColumn<T> : Column
    {
        private readonly List<T> _values = [];

        public override Delegate Getter => (SlotGetter<T>)((int row, ref T value) => value = _values[row]);

        public override Action CreateReader(DataViewRow input, DataViewSchema.Column column)
        {
            ValueGetter<T> get = input.GetGetter<T>(column);
            return () =>
            {
                T value = default!;
                get(ref value);
                _values.Add(value);
            };
        }
    }

    private sealed class VectorColumn<T> : Column
    {
        private readonly List<VBuffer<T>> _values = [];

        // A copy: the consumer owns what it is given, and may write into it.
        public override Delegate Getter => (SlotGetter<VBuffer<T>>)((int row, ref VBuffer<T> value) => _values[row].CopyTo(ref value));

        public override Action CreateReader(DataViewRow input, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<T>> get = input.GetGetter<VBuffer<T>>(column);
            return () =>
            {
                VBuffer<T> value = default;
                get(ref value);
                _values.Add(value);
            };
        }
    }
}
